"""Pieces of Python text that know how tightly they bind, and which axes their values have."""

from dataclasses import dataclass
from enum import IntEnum

from derive.lowering.axis import Axis


class Binding(IntEnum):
    """How tightly a piece of Python binds."""

    SUM = 0
    PRODUCT = 1
    UNARY = 2
    POWER = 3
    ATOM = 4


@dataclass(frozen=True)
class Text:
    """Python text of a value whose array has these axes, in this order."""

    code: str
    axes: tuple[Axis, ...] = ()
    binding: Binding = Binding.ATOM

    def at_least(self, binding: Binding) -> str:
        """Return the code, in parentheses where it binds less tightly."""
        return self.code if self.binding >= binding else f"({self.code})"

    def aligned(self, target: tuple[Axis, ...]) -> "Text":
        """Return the value transposed and with new axes, so that it broadcasts against an array of these axes."""
        kept = tuple(axis for axis in target if axis in self.axes)
        if kept != self.axes:
            return self._transposed(kept).aligned(target)
        first = next((i for i, axis in enumerate(target) if axis in self.axes), len(target))
        places = [":" if axis in self.axes else "np.newaxis" for axis in target[first:]]
        while places and places[-1] == ":":
            places.pop()
        if not places:
            return self
        return self.indexed(places, tuple(target[first:]))

    def indexed(self, places: list[str], axes: tuple[Axis, ...]) -> "Text":
        """Return the value with an index."""
        return Text(f"{self.at_least(Binding.ATOM)}[{', '.join(places)}]", axes)

    def _transposed(self, axes: tuple[Axis, ...]) -> "Text":
        if len(axes) == 2:
            code = self.at_least(Binding.ATOM)
            return Text(code.removesuffix(".T") if code.endswith(".T") else code + ".T", axes)
        order = ", ".join(str(self.axes.index(axis)) for axis in axes)
        return Text(f"{self.at_least(Binding.ATOM)}.transpose({order})", axes)


@dataclass(frozen=True)
class Selected(Text):
    """An array at positions of loops: ``places`` indexes ``base``, one place for each of its axes."""

    base: str = ""
    places: tuple[str, ...] = ()

    def indexed(self, places: list[str], axes: tuple[Axis, ...]) -> Text:
        """Return the array with both indices in one."""
        merged, given = list[str](), list(places)
        for place in self.places:
            if place != ":":
                merged.append(place)
                continue
            while given and given[0] == "np.newaxis":
                merged.append(given.pop(0))
            merged.append(given.pop(0) if given else ":")
        return Text(f"{self.base}[{', '.join([*merged, *given])}]", axes)


def selected(base: str, places: list[str], axes: tuple[Axis, ...]) -> Text:
    """Return the entry of a named array at a position."""
    shown = list(places)
    while shown and shown[-1] == ":":
        shown.pop()
    return Selected(f"{base}[{', '.join(shown)}]", axes, Binding.ATOM, base, tuple(places))
