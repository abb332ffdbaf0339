"""An array in which the values of some components are replaced: it is computed, then these are assigned."""

from derive.emission.numpy_printer import Printer
from derive.lowering.climbing import Climb
from derive.lowering.locating import Locate
from derive.lowering.node import Node
from derive.lowering.operations import Keep, Loop, Replace


def base_of(node: Keep) -> Node:
    """Return what is computed under the name of the value that is kept, before entries are replaced."""
    return node.arg.args[0] if isinstance(node.arg, Replace) else node.arg


def replacing(node: Keep, made: Replace, number: int, printer: Printer, words: str) -> list[str]:
    """Return the lines that compute an array and assign the entries that differ."""
    base, *values = made.args
    place = made.axes.index(made.axis)
    rest = tuple(axis for axis in made.axes if axis != made.axis)
    code = printer.names[base].code if base in printer.names else printer.statement(base).code
    lines = []
    if isinstance(base, Loop | Locate | Climb) and code == node.name:
        pass  # the loop has filled it
    elif code.isidentifier():
        lines.append(f"{node.name} = {code}.copy()  # {words}")
    else:
        lines.append(f"{node.name} = {code}  # {words}")
    for component, value in zip(made.numbers, values, strict=True):
        entry = ", ".join([*(":" for _ in range(place)), str(component - 1)])
        lines.append(f"{node.name}[{entry}] = {printer.text(value, rest).code}  # ({number}) component {component}")
    return lines
