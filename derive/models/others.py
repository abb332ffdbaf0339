"""Components with densities of their own, beside those that share one: a point mass, uniform noise."""

from derive.errors import ModelError
from derive.language.atom import PointMass
from derive.language.beyond import Beyond
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.language.index import Index
from derive.language.operand import Operand
from derive.language.rewrite import rename


def check_others(name: str, weights: Family, density: Expr, others: tuple[Expr, ...]) -> None:
    """Check that the weights have an entry for each of the other components, which depend on no parameter."""
    count, plate = len(others), weights.indices[0]
    if plate.size.more != count:
        wanted = f"Index('j', '{plate.size.base} + {count}')" if count else f"Index('k', '{plate.size.base}')"
        raise ModelError(
            f"{name}: the weights {weights} run over {plate.size} components; with {count} in others, declare their "
            f"index as {wanted}"
        )
    if count and plate in density.free:
        raise ModelError(
            f"{name}: the index {plate} of the weights runs over the other components too; write log_density with an "
            f"index over {plate.size.base}, as in Index('k', '{plate.size.base}')"
        )
    for other in others:
        _check_other(name, other)
    bound = next((s.family for s in _symbols(density) if count and s.family.bindings), None)
    if bound is not None:
        raise ModelError(f"{name}: members of {bound} are fixed or tied, which is not derived beside other components")
    mentioned = [symbol.family for part in (density, *others) for symbol in _symbols(part)]
    data = next((family for family in mentioned if family.role is Role.DATA), None)
    if data is not None and not data.domain.integer and _has_point_mass((density, *others)):
        raise ModelError(
            f"{name}: a point mass stands beside a density of the real numbers {data}: the two have no common "
            "dominating measure, and the likelihood means nothing. Declare whole numbers (domain=Count), or leave out "
            "the rows at the point and count them apart"
        )


def _check_other(name: str, other: Expr) -> None:
    if not isinstance(other, Operand):
        raise ModelError(f"{name}: others holds {other!r}, not the log density of a component")
    if not other.shape.is_scalar:
        raise ModelError(f"{name}: the log density of another component must be a scalar, but {other} is {other.shape}")
    for symbol in _symbols(other):
        if symbol.family.role is Role.PARAMETER:
            raise ModelError(
                f"{name}: the other component {other} depends on the parameter {symbol.family}; others may depend on "
                "the data and known constants only"
            )


def regular_plate(density: Expr, weights: Family, sample: Index) -> Index:
    """Return the plate of the components that share a density: that of the weights, where there are no others."""
    plate = weights.indices[0]
    found = [index for index in sorted(density.free - {sample}) if index.size == plate.size.base]
    return plate if not plate.size.more or not found else found[0]


def density_of_all(density: Expr, regular: Index, component: Index, others: tuple[Expr, ...]) -> Expr:
    """Return the log density of a component by cases: one for the first K, others beyond them."""
    return Beyond(component, others, rename(density, {regular: component})) if others else density


def _symbols(expr: Expr) -> list[Symbol]:
    own = [expr] if isinstance(expr, Symbol) else []
    return own + [symbol for child in expr.children for symbol in _symbols(child)]


def _has_point_mass(parts: tuple[Expr, ...]) -> bool:
    return any(part.contains(lambda node: isinstance(node, PointMass)) for part in parts)
