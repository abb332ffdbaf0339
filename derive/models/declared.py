"""What a model file declares, by line: where its models stand, and whether every parameter in it is used."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from derive.errors import ModelError
from derive.language.family import Family, Role
from derive.models.mixture import Mixture

CHANGES = "derive.models.changes"


def assigned_lines(source: bytes) -> dict[str, int]:
    """Name -> line of the last statement at the top of a file that gives it a value; unpacking counts too."""
    return {
        name.id: statement.lineno
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else (statement.target,))
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }


def check_used(path: Path, lines: Mapping[str, int], values: Mapping[str, object], models: Iterable[Mixture]) -> None:
    """Refuse a parameter that the file declares and no model of it contains.

    Changes to a model may take a parameter out of it on purpose: a file that calls them is not checked.
    """
    models = list(models)
    if any(str(getattr(value, "__module__", "")).startswith(CHANGES) for value in values.values()):
        return
    used = {family.name for model in models for family in model.families}
    for key, value in values.items():
        if isinstance(value, Family) and value.role is Role.PARAMETER and value.name not in used and key in lines:
            raise ModelError(
                f"{path}, line {lines[key]}: the parameter {value} does not occur in the log density, so nothing can "
                "be learned about it; use it, or take the line away"
            )
