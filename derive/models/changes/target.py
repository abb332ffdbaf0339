"""The left side of a change: a parameter, or the member of one component."""

from dataclasses import dataclass

from derive.language.family import Family
from derive.models.mixture import Mixture
from derive.models.reading import Member, Name, Node, Numeral
from derive.models.reading.symbols import Symbols

HIGHEST = 30


@dataclass(frozen=True)
class Target:
    """A family; number: of one component, counted from 1, or None for all."""

    family: Family
    number: int | None = None

    def __str__(self) -> str:
        return self.family.name if self.number is None else f"{self.family.name}[{self.number}]"


def target(model: Mixture, node: Node) -> Target:
    """Return what a text names. Raises InputError where it names no symbol of the model, or no component."""
    symbols = Symbols(model)
    if isinstance(node, Name):
        return Target(symbols.family(node.name, node.place))
    if not isinstance(node, Member):
        raise node.place.error("a parameter is expected here, such as mu, or mu[2] for component 2")
    family = symbols.family(node.name, node.place)
    if model.component not in family.indices:
        raise node.place.error(f"{family.name} is shared by all components: it has no {family.name}[...]")
    if isinstance(node.index, Name) and node.index.name == model.component.name:
        return Target(family)
    return Target(family, number_of(node))


def number_of(node: Member) -> int:
    """Return the number of the component that a member names."""
    index = node.index
    if not isinstance(index, Numeral) or index.value.denominator != 1 or not 1 <= index.value <= HIGHEST:
        raise index.place.error(f"the number of a component is expected here, from 1 to {HIGHEST}")
    return int(index.value)
