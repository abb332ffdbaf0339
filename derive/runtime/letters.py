"""Sizes behind the letters of declared shapes (K, D, ...), bound from arrays."""

from collections.abc import Sequence

from derive.errors import InputError
from derive.runtime.protocol import GeneratedModule

Shape = Sequence[str | int]


def spell(shape: Shape) -> str:
    """A shape as it is written in documentation: "(K, D)"; a scalar's is "()"."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def bind(sizes: dict[str, int], name: str, shape: Shape, actual: tuple[int, ...]) -> None:
    """Add the sizes that an array of this actual shape gives to the letters of its declared shape.

    Raises InputError, naming the array, where the number of dimensions or a size differs from what is known.
    """
    declared = f"{name} should have shape {spell(shape)}"
    if len(shape) != len(actual):
        raise InputError(f"{declared}, but has {spell(actual)}")
    for letter, size in zip(shape, actual, strict=True):
        if isinstance(letter, str) and " + " in letter:  # K + 1: the size of another plate and some more
            base, _, more = letter.partition(" + ")
            sizes.setdefault(base, size - int(more))
            sizes[letter] = sizes[base] + int(more)
        expected = sizes.setdefault(letter, size) if isinstance(letter, str) else letter
        if expected != size:
            where = f" with {letter} = {expected}" if isinstance(letter, str) else ""
            raise InputError(f"{declared}{where}, but has {spell(actual)}")


def coordinate(module: GeneratedModule) -> str:
    """The letter of the number of columns: that of the declared shape of one row, D for scalar data."""
    return next((letter for letter in module.EVENT_SHAPE if isinstance(letter, str)), "D")
