"""Known constants at the beginning of a generated function: converted, and refused outside of their domain."""

from derive.emission.model import Model
from derive.emission.support import condition, words
from derive.language.domain import AtLeast, CountUpTo
from derive.language.expr import Expr
from derive.language.family import Family
from derive.language.functions import Size
from derive.lowering.program import Program
from derive.lowering.structure import Structure, structure_of_domain


def used(model: Model, program: Program) -> tuple[Family, ...]:
    """Return the known families that a program takes."""
    names = {node.name for node in program.inputs if node.source == "known"}
    return tuple(family for family in model.knowns if family.code in names)


def converted(model: Model, program: Program, dtype: str) -> list[str]:
    """Return the lines that make arrays of the known constants."""
    return [f"{family.code} = np.asarray({family.code}, dtype={dtype})" for family in used(model, program)]


def keyword_only(families: tuple[Family, ...]) -> str:
    """Return the keyword-only arguments for known families, as they follow the others in a signature."""
    return "".join([", *", *(f", {family.code}: Array" for family in families)]) if families else ""


def checked(model: Model, program: Program) -> list[str]:
    """Return the lines that refuse known numbers outside of their domain; they may need ``sizes``."""
    lines: list[str] = []
    for family in used(model, program):
        bound = _bound(family, used(model, program))
        inside = condition(family.domain, family.code, bound or "") if family.shape.is_scalar else ""
        if inside and bound is not None:
            must = f"{family.code} must be {words(family.domain, bound)}"
            lines += [f"if not ({inside}).all():", f'    raise ValueError("{must}")']
        lines += _matrix(family)
    return lines


def _matrix(family: Family) -> list[str]:
    """Return the lines that refuse a known matrix outside of its domain: NumPy would read half of it."""
    if family.domain.side is None or not family.domain.positive:
        return []
    name, error = family.code, "np.linalg.LinAlgError"
    if structure_of_domain(family.domain) is not Structure.DENSE:
        return [f"if not ({name} > 0).all():", f'    raise {error}("{name} must be positive")']
    return [
        f"if not np.allclose({name}, np.swapaxes({name}, -1, -2)):",
        f'    raise {error}("{name} must be symmetric")',
        *definite(name),
    ]


def definite(name: str) -> list[str]:
    """Return the lines that refuse matrices that are not positive definite, or hold no numbers."""
    refusal = f'    raise np.linalg.LinAlgError("{name} must be positive definite")'
    return [f"if not (np.linalg.eigvalsh({name}) > 0).all():", refusal]


def sizes(model: Model, program: Program) -> set[str]:
    """Return the names of the sizes that the bounds mention."""
    bounds = [getattr(family.domain, "bound", None) for family in used(model, program)]
    return {name for bound in bounds if isinstance(bound, Expr) for name in _sizes(bound)}


def _sizes(bound: Expr) -> set[str]:
    own = {bound.extent.name} if isinstance(bound, Size) else set()
    return own.union(*(_sizes(child) for child in bound.children))


def _bound(family: Family, given: tuple[Family, ...]) -> str | None:
    """Return the bound in code, empty for a domain without one; None where it is not among what is given."""
    domain = family.domain
    if not isinstance(domain, AtLeast | CountUpTo):
        return ""
    if isinstance(domain.bound, Expr):
        return str(domain.bound)
    bound = next((other for other in given if other == domain.bound), None)
    if bound is None:
        return None
    at = ", ".join(":" if index in bound.indices else "np.newaxis" for index in family.indices)
    return bound.code if bound.indices in ((), family.indices) else f"{bound.code}[{at}]"
