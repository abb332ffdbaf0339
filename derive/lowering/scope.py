"""What lowering needs to know of a derivation: its plates, and where each symbol's value comes from."""

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.errors import LoweringError
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.language.index import ONE, Extent, Index
from derive.language.rewrite import rename as renamed
from derive.lowering.axis import Axis, Rank
from derive.lowering.build import rename
from derive.lowering.node import Input, Node
from derive.lowering.operations import First
from derive.lowering.structure import Structure, structure_of_domain

SOURCES = {
    Role.DATA: "data",
    Role.PARAMETER: "parameter",
    Role.KNOWN: "known",
    Role.RESPONSIBILITY: "responsibilities",
    Role.MOMENT: "moment",
}


@dataclass(frozen=True)
class Scope:
    """The surroundings of an expression.

    samples, components: the plates of the data and of the components. log_joint: the family of the log joint, whose
    values are given. computed: parameters that the program computes itself, by family name. current: what is assumed
    of the other parameters: "parameter" where they are given, "previous" where only their previous values are. given:
    the values of other families by name, such as statistics; a family with a definition that is not given is computed.
    regular: the plate of those components that share a density, where others have their own.
    places: of sizes among coordinates, where it is not the letters that decide (see ``axis_order``).
    """

    samples: Index
    components: Index
    log_joint: str
    computed: Mapping[str, Node] = field(default_factory=dict)
    previous: frozenset[str] = frozenset()
    current: str = "parameter"
    given: Mapping[str, Node] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    regular: Index | None = None

    def plate(self, index: Index) -> Axis:
        """Return the axis of a plate index."""
        ranks = {self.samples.size: Rank.SAMPLES, self.components.size: Rank.COMPONENTS}
        ranks[self.components.size.base] = Rank.COMPONENTS  # those of them that share a density
        rank, size = ranks.get(index.size, Rank.PLATE), index.size.name
        return Axis(rank, index.name, size, place=self.places.get(size, 0))

    def usual(self, index: Index) -> Axis:
        """Return the axis over the same plate that arrays are stored with, so that equal sums look equal."""
        plates = (self.samples, self.components, *(() if self.regular is None else (self.regular,)))
        usual = next((i for i in plates if i.size == index.size), index)
        return self.plate(usual)

    def coordinate(self, extent: Extent, taken: tuple[Axis | None, ...] = ()) -> Axis | None:
        """Return a coordinate axis of this size that is not taken; None for a side of one."""
        if extent == ONE:
            return None
        plates = (self.plate(self.samples), self.plate(self.components))
        place = self.places.get(extent.name, 0)
        wanted = Axis(Rank.COORDINATE, extent.name[0].lower(), extent.name, place=place)
        return wanted.fresh((*plates, *(axis for axis in taken if axis is not None)))

    def stored_axes(self, family: Family) -> tuple[Axis, ...]:
        """Return the axes with which values of a family are stored: plates, then coordinates as the structure asks."""
        plates = tuple(self.usual(index) for index in family.indices)
        structure = structure_of_domain(family.domain)
        if structure is Structure.SPHERICAL:
            return plates
        row = self.coordinate(family.shape.rows)
        col = None if structure is Structure.DIAGONAL else self.coordinate(family.shape.cols, (row,))
        return (*plates, *(axis for axis in (row, col) if axis is not None))

    def value(self, symbol: Symbol, row: Axis | None, col: Axis | None, plates: Mapping[Index, Axis]) -> Node:
        """Return a symbol's value with these coordinate axes; ``plates`` says which axis each plate index is."""
        stored = self._source(symbol.family)
        coordinates = [axis for axis in (row, col) if axis is not None]
        target = (*(plates[index] for index in symbol.indices), *coordinates)
        axes = self.stored_axes(symbol.family)
        for axis, wanted in zip(axes, target, strict=False):
            if axis.rank is Rank.COMPONENTS and wanted.size != axis.size:
                stored = First(stored, axis, wanted, meaning=symbol)
        axes = stored.axes
        return rename(stored, dict(zip(axes, target[: len(axes)], strict=True)))

    def definition(self, symbol: Symbol) -> Expr | None:
        """Return what a symbol stands for, where its value is not given but computed from others."""
        family = symbol.family
        if family.definition is None or family.name in self.given:
            return None
        return renamed(family.definition, dict(zip(family.indices, symbol.indices, strict=True)))

    def _source(self, family: Family) -> Node:
        if family.name in self.given:
            return self.given[family.name]
        axes = self.stored_axes(family)
        if family.name == self.log_joint:
            return Input("log_p", axes, "real", "log joint", meaning=family.symbol)
        if family.role not in SOURCES:
            raise LoweringError(f"{family.signature} ({family.role}) has no value in generated code")
        if len(set(axes)) != len(axes):
            raise LoweringError(f"{family.signature} carries one plate twice: arrays of that kind are not generated")
        source = SOURCES[family.role]
        if source == "parameter":
            if family.name in self.computed and family.name not in self.previous:
                return self.computed[family.name]
            source = self.current
        own = family.code or family.name
        fixed = {"data": "X", "responsibilities": "responsibilities", "previous": f"previous_{own}"}
        name = fixed.get(source, own)
        _check_name(family, name)
        return Input(name, axes, kind_of(family), source, meaning=family.symbol)


def kind_of(family: Family) -> str:
    """Return what kind of values a family has, as an input of a program."""
    if family.domain.sums_to_one or family.role is Role.RESPONSIBILITY:
        return "simplex"
    if family.domain.at_most_one:
        return "probability"
    if family.domain.unit:
        return "direction"
    if not family.domain.nonnegative:
        return "real"
    dense = family.domain.side is not None and structure_of_domain(family.domain) is Structure.DENSE
    return "definite" if dense else "positive"


def _check_name(family: Family, name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise LoweringError(f"{family.signature} is called {name!r} in code, which Python does not take as a name")
