"""Whether a description makes sense: one message for each way in which it may not."""

from derive.errors import ModelError
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.index import Index


def check_symbols(name: str, density: Expr, families: tuple[Family, ...]) -> None:
    """Check the density's shape, its data, and that names are unique."""
    if not density.shape.is_scalar:
        raise ModelError(f"{name}: log_density must be a scalar, but it is {density.shape}")
    data = [family for family in families if family.role is Role.DATA]
    if len(data) != 1:
        names = ", ".join(str(family) for family in data) or "none"
        raise ModelError(f"{name}: the log density must depend on one Data family, but it has {names}")
    if len(data[0].indices) != 1:
        raise ModelError(f"{name}: the data {data[0]} must carry one index, that of the samples")
    for attribute in ("name", "code"):
        seen: dict[str, Family] = {}
        for family in families:
            if seen.setdefault(getattr(family, attribute), family) != family:
                raise ModelError(f"{name}: two symbols share the {attribute} {getattr(family, attribute)!r}")
    if not [family for family in families if family.role is Role.PARAMETER]:
        raise ModelError(f"{name}: nothing is to be estimated: neither the weights nor the density have a Parameter")


def check_plates(name: str, sample: Index, component: Index, families: tuple[Family, ...]) -> None:
    """Check that samples and components are apart, and that every index and dimension has its own letter."""
    plates = (sample.size, component.size)
    if sample.name == component.name or sample.size == component.size:
        raise ModelError(f"{name}: samples and components need plates of their own: Index('n', 'N'), Index('k', 'K')")
    for family in families:
        for side in sorted({family.shape.rows, family.shape.cols} & set(plates)):
            raise ModelError(f"{name}: the dimension {side} of {family} has the letter of a plate; give it another")
        if family.role is Role.PARAMETER and family.indices not in {(), (component,)}:
            raise ModelError(f"{name}: the parameter {family} may carry the components' index {component} or none")


def check_free(name: str, density: Expr, sample: Index, component: Index) -> None:
    """Check that no other index than those of sample and component is left free."""
    free = density.free - {sample, component}
    if free:
        names = ", ".join(sorted(index.name for index in free))
        raise ModelError(f"{name}: the index {names} is left free in the log density; sum over it with sum_over")
