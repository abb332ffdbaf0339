"""Acceptance of a pass: the interpreter must find the same before and after, on random inputs of several sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import LoweringError
from derive.language.index import Extent
from derive.lowering.axis import Rank
from derive.lowering.interpreter import run
from derive.lowering.node import Input, SizeOf
from derive.lowering.program import Program

Array = NDArray[Any]
TOLERANCE = 1e-10
DRAWS = 3
REPEATS = 64  # an equation may have a root at few of the values that are drawn
LARGEST_AMPLIFICATION = 1e4


@dataclass(frozen=True)
class Draw:
    """Random inputs, and the sizes they have."""

    inputs: dict[str, Array]
    sizes: dict[str, int]

    def nearby(self) -> "Draw":
        """Return inputs that differ by rounding."""
        return Draw({name: value * (1 + 2**-50) for name, value in self.inputs.items()}, self.sizes)


def draws(program: Program, seed: int) -> Iterator[Draw]:
    """Yield random inputs; sizes are pairwise distinct, and each draw gives them to other axes."""
    inputs = program.inputs
    samples, others, larger = _sizes(program)
    for attempt, order in enumerate(permutations(range(2, 2 + len(others)))):
        sizes = dict(zip(others, order, strict=True)) | dict.fromkeys(samples, 5 + len(others))
        sizes |= {name: sizes[Extent(name).base.name] + Extent(name).more for name in larger}
        rng = np.random.default_rng([seed, attempt])
        yield Draw({node.name: _draw(node, sizes, rng, seed + attempt) for node in inputs}, sizes)


def _sizes(program: Program) -> tuple[list[str], list[str], list[str]]:
    """Return the sizes of samples, other sizes, and those that are larger than another one, such as K + 1."""
    nodes = list(program.nodes())
    axes = {axis for node in nodes for axis in node.axes}
    samples = {axis.size for axis in axes if axis.rank is Rank.SAMPLES}
    named = {node.size for node in nodes if isinstance(node, SizeOf)} | {axis.size for axis in axes}
    larger = {name for name in named if Extent(name).more}
    named |= {Extent(name).base.name for name in larger}
    return sorted(samples), sorted(named - samples - larger), sorted(larger)


def _draw(node: Input, sizes: dict[str, int], rng: np.random.Generator, attempt: int) -> Array:
    shape = [sizes[axis.size] for axis in node.axes]
    if node.kind == "simplex":
        return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])
    if node.kind == "positive" and node.source == "data" and attempt % 2:  # as counts that vary more than their mean
        return rng.gamma(0.5, 4.0, size=shape)
    if node.kind == "positive":
        return rng.uniform(0.5, 2.0, size=shape)
    if node.kind == "probability":
        return rng.uniform(0.1, 0.9, size=shape)
    if node.kind == "definite":
        root = rng.normal(size=shape)
        return root @ np.swapaxes(root, -1, -2) / shape[-1] + 0.5 * np.eye(shape[-1])
    if node.source == "statistics" and len(shape) > 1 and node.axes[-1].size == node.axes[-2].size:  # of outer products
        root = rng.normal(size=shape)
        return np.asarray(10 * (root @ np.swapaxes(root, -1, -2) + np.eye(shape[-1])))
    if node.source == "statistics" and attempt % 2:  # as sums of logarithms of numbers below one are
        return rng.uniform(-8.0, -4.0, size=shape)
    if node.kind == "direction":
        vectors = rng.normal(size=shape)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
    if node.source == "moment":  # a mean logarithm lies below the logarithm of the mean
        return rng.uniform(-3.0, -1.0, size=shape)
    return rng.normal(scale=0.1 if node.source == "statistics" else 1.0, size=shape)


def accept(before: Program, after: Program, name: str, seed: int = 0) -> Program:
    """Return ``after``; LoweringError where it computes anything but what ``before`` does."""
    names = [output.name for output in before.outputs]
    if [output.name for output in after.outputs] != names:
        raise LoweringError(f"pass {name!r} changed what {before.name} returns")
    compared = 0
    for draw in _repeated(before, seed):
        with np.errstate(all="ignore"):
            outcome = _compare(before, after, draw, name)
        compared += outcome
        if compared == DRAWS:
            return after
    if not compared:
        raise LoweringError(f"pass {name!r} could not be checked: {before.name} has no finite value on random inputs")
    return after


def _repeated(program: Program, seed: int) -> Iterator[Draw]:
    for repeat in range(REPEATS):
        yield from draws(program, seed + repeat)


def _compare(before: Program, after: Program, draw: Draw, name: str) -> bool:
    """Whether the draw could be used: the value is finite, and rounding does not change it much."""
    try:
        expected, nearby = run(before, draw.inputs, draw.sizes), run(before, *_parts(draw.nearby()))
    except np.linalg.LinAlgError:
        return False
    # NumPy's maximum is not a number where an entry is none, as a root that does not exist; Python's may overlook it.
    amplification = np.max([difference(nearby[key], expected[key]) for key in expected]) * 2**50
    if not amplification <= LARGEST_AMPLIFICATION:
        return False
    try:
        found = run(after, draw.inputs, draw.sizes)
    except np.linalg.LinAlgError as error:
        if any(node.source == "statistics" for node in before.inputs):  # drawn alone, they are those of no data
            return False
        raise LoweringError(f"pass {name!r} broke {before.name}: {error}") from error
    except (ValueError, KeyError, IndexError) as error:
        raise LoweringError(f"pass {name!r} broke {before.name}: {error}") from error
    for key, value in expected.items():
        if found[key].shape != value.shape or not difference(found[key], value) <= TOLERANCE:
            sizes = ", ".join(f"{size} = {value}" for size, value in draw.sizes.items())
            raise LoweringError(f"pass {name!r} changed the value of {key} in {before.name} (at {sizes})")
    return True


def _parts(draw: Draw) -> tuple[dict[str, Array], dict[str, int]]:
    return draw.inputs, draw.sizes


def difference(found: Array, expected: Array) -> float:
    """Return the largest difference relative to the largest entry; infinite where shapes differ."""
    if found.shape != expected.shape:
        return float("inf")
    unlike = found != expected  # an infinite entry, as the log of zero is, must be the same
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=np.finfo(np.float64).tiny)
    return float(np.abs(found[unlike] - expected[unlike]).max(initial=0.0) / scale)
