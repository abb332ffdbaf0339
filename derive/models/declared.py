"""What a model file declares, by line: where its models stand, and whether every parameter in it is used."""

import ast
from collections.abc import Iterable
from pathlib import Path

from derive.errors import ModelError
from derive.language.declarations import Declared
from derive.language.family import Family, Role
from derive.models.mixture import Mixture


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


def deleted_lines(source: bytes) -> set[int]:
    """Lines at the top of a file whose names are deleted later: what they declare is meant to be spare."""
    lines = assigned_lines(source)
    deleted = (node for node in ast.parse(source).body if isinstance(node, ast.Delete))
    names = (name.id for node in deleted for name in ast.walk(node) if isinstance(name, ast.Name))
    return {lines[name] for name in names if name in lines}


def check_used(path: Path, noted: Iterable[Declared]) -> None:
    """Refuse a parameter that the file declares, in a function or a loop also, and that no model contains.

    noted: what was declared while the file ran. A model that it made and changed counts, too: a change may take a
    parameter out of a model on purpose.
    """
    noted, spare = list(noted), deleted_lines(path.read_bytes())
    used = {family.name for one in noted if isinstance(one.thing, Mixture) for family in one.thing.families}
    for one in noted:
        family = one.thing
        if not isinstance(family, Family) or family.role is not Role.PARAMETER or family.name in used:
            continue
        if Path(one.file) == path and one.line not in spare:
            raise ModelError(
                f"{one.place}: the parameter {family} does not occur in the log density, so nothing can be learned "
                "about it; use it, or take the line away"
            )
