"""Tables of components that share a density beside those with densities of their own: joined, and taken apart."""

from typing import Protocol

from derive.emission.text import Binding, Text, selected
from derive.errors import LoweringError
from derive.language.index import Extent
from derive.lowering.axis import Axis
from derive.lowering.node import Node


class Writes(Protocol):
    """What is needed of the printer."""

    dtype: str

    def text(self, node: Node, target: tuple[Axis, ...] | None = None) -> Text:
        """Return the text of a node's value."""
        ...

    def size(self, axis: Axis | str) -> str:
        """Return the name of a size."""
        ...


def first(inner: Text, axis: Axis, axes: tuple[Axis, ...]) -> Text:
    """Return the text of the entries of the components that share a density, which come first."""
    places = [f":-{Extent(axis.size).more}" if own == axis else ":" for own in inner.axes]
    return selected(inner.at_least(Binding.ATOM), places, axes)


def joined(args: tuple[Node, ...], axes: tuple[Axis, ...], printer: Writes) -> Text:
    """Return the text of a table of the components that share a density, with a column for each other one."""
    if len(axes) != 2:
        raise LoweringError("components with densities of their own are written for arrays of rows and components")
    shared, *others = args
    columns = [printer.text(shared, shared.axes).code]
    for other in others:
        text = printer.text(other, other.axes).code
        columns.append(text if other.axes else f"np.full({printer.size(axes[0])}, {text}, dtype={printer.dtype})")
    return Text(f"np.column_stack(({', '.join(columns)}))", axes)
