"""The smallest counter-example: all that can be left out while the failure stays is; then numbers are made simple."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.compare import TOLERANCE, scale_of
from derive.checking.submitted.conform import outside
from derive.checking.submitted.outcome import Kind, Outcome, outcome
from derive.checking.submitted.problem import Problem
from derive.checking.submitted.process import Submission

CALLS = 3000  # at most
_CLEAR = 1e-3  # of Q, relative: a failure that is so clear shall stay so
_SIMPLE = (0.0, 1.0, 2.0, 3.0, -1.0, 0.5)
_FRACTIONS = (1, 2, 4, 10)  # denominators of simple responsibilities
Array = NDArray[np.float64]


def shrunk(failure: Outcome, submission: Submission, *, below_previous: bool = False) -> Outcome:
    """Return the same failure on the smallest problem that greedy search finds.

    below_previous: the failure is that Q falls, not that it misses its maximum.
    """
    if failure.ended or failure.blind:  # each try may cost the whole time limit, or a search
        return failure
    search = _Search(failure, submission, below_previous=below_previous)
    again = True
    while again and search.left > 0:
        again = any([search.tries(_fewer(search.best.problem)), search.tries(_simpler(search.best.problem))])
    return search.best


class _Search:
    """The best failure so far, and the number of calls that are left."""

    def __init__(self, failure: Outcome, submission: Submission, *, below_previous: bool) -> None:
        self.best = failure
        self.left = CALLS
        self._submission = submission
        self._below_previous = below_previous
        self._kind = failure.kind
        self._words = _words(failure.fault)
        self._repeat = "second time" in failure.fault or "not repeatable" in failure.fault
        relative = failure.lack / scale_of(failure.q_right)
        self._least = max(TOLERANCE, min(_CLEAR, relative / 10))

    def tries(self, candidates: Iterator[Problem]) -> bool:
        """Take the first candidate that still fails; whether there was one."""
        for candidate in candidates:
            if self.left <= 0:
                return False
            if not _possible(candidate):
                continue
            self.left -= 1
            found = outcome(candidate, self._submission, repeat=self._repeat)
            if found is not None and self._same(found):
                self.best = found
                return True
        return False

    def _same(self, found: Outcome) -> bool:
        if self._kind is Kind.INVALID:
            return found.kind is Kind.INVALID and _words(found.fault) == self._words and not found.ended
        if found.kind is Kind.INVALID:
            return False
        if self._below_previous:
            return found.kind is Kind.LOWERS
        if self._kind is Kind.CLOSE:
            return found.kind >= Kind.CLOSE
        return found.lack > self._least * scale_of(found.q_right)


def _possible(problem: Problem) -> bool:
    """Whether data, previous parameters and known constants are still in their domains."""
    families = problem.setting.families
    given = problem.knowns | (problem.previous or {})
    return not outside(problem.setting.data, problem.X) and all(
        not outside(families[name], value) for name, value in given.items()
    )


def _words(fault: str) -> str:
    """The kind of a fault: its text up to the first number or name in brackets."""
    return re.split(r"[\d(\[]", fault, maxsplit=1)[0]


def _fewer(problem: Problem) -> Iterator[Problem]:
    """Without previous parameters; with half of the samples, one less of each size."""
    if problem.previous is not None:
        yield problem.from_(None)
    samples, components = problem.setting.plates
    sizes = problem.sizes
    count = sizes[samples]
    half = count // 2
    while half > 1:
        for begin in range(0, count, half):
            kept = [i for i in range(count) if not begin <= i < begin + half]
            if kept:
                yield _kept(problem, samples, kept)
        half //= 2
    base, more = problem.setting.regular
    for name in (components, *(other for other in sizes if other not in {samples, components, base}), samples):
        removable = sizes[name] - (more if name == components else 0)  # components of their own kind stay
        if removable > 1:
            for left_out in reversed(range(removable)):
                yield _kept(problem, name, [i for i in range(sizes[name]) if i != left_out])


def _kept(problem: Problem, axis: str, indices: list[int]) -> Problem:
    """The problem with these members of an axis only; what should sum to one does so again."""
    arrays = problem.arrays
    base, more = problem.setting.regular
    kept = {axis: indices}
    if axis == problem.setting.plates[1] and more:
        kept[base] = [i for i in indices if i < problem.responsibilities.shape[1] - more]
    for name, of in problem.axes.items():
        for position, letter in enumerate(of):
            if letter in kept:
                arrays[name] = np.take(arrays[name], kept[letter], axis=position)
    gamma = arrays["responsibilities"]
    totals = gamma.sum(axis=1, keepdims=True)
    arrays["responsibilities"] = np.where(totals > 0, gamma / np.where(totals > 0, totals, 1), 1 / gamma.shape[1])
    for name in arrays:
        family = problem.setting.families.get(name.partition(" ")[2])
        if family is not None and family.domain.sums_to_one:
            masses = arrays[name].sum(axis=-1, keepdims=True)
            arrays[name] = arrays[name] / np.where(masses > 0, masses, 1)
        arrays[name] = _in_domain(problem, name, arrays[name])
    return problem.with_arrays(arrays)


def _in_domain(problem: Problem, name: str, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """An array whose rows have length one again, where they have to."""
    family = problem.setting.data if name == "X" else problem.setting.families.get(name.partition(" ")[2])
    if family is None or not family.domain.unit:
        return value
    lengths = np.linalg.norm(value, axis=-1, keepdims=True)
    return np.asarray(np.where(lengths > 0, value, 1) / np.where(lengths > 0, lengths, np.sqrt(value.shape[-1])))


def _simpler(problem: Problem) -> Iterator[Problem]:
    """With simpler numbers: all at once, then one by one."""
    arrays = problem.arrays
    for name in (key for key in arrays if key != "responsibilities"):
        value = arrays[name]
        spread = float(value.std()) or float(np.abs(value).max()) or 1.0
        digit = 10.0 ** np.floor(np.log10(spread))
        if np.array_equal(value, np.round(value)):
            continue
        for unit in (spread, 1.0, 0.1, digit, digit / 10):
            simple = np.round(value / unit) * (1.0 if unit == spread else unit) + 0.0  # no negative zero
            simple = _in_domain(problem, name, simple)
            if not np.allclose(simple, value, rtol=1e-12, atol=0):
                yield problem.with_arrays(arrays | {name: simple})
    gamma = arrays["responsibilities"]
    for parts in _FRACTIONS:
        if _in_parts(gamma, parts):
            break
        yield problem.with_arrays(arrays | {"responsibilities": _rounded(gamma, parts)})
    yield from _rows(problem)
    yield from _entries(problem)


def _rounded(gamma: Array, parts: int) -> Array:
    """Responsibilities in whole parts, such as quarters; what is missing in a row goes to its largest entry."""
    rounded = np.floor(gamma * parts + 1e-9)
    rows = np.arange(len(gamma))
    rounded[rows, gamma.argmax(axis=1)] += parts - rounded.sum(axis=1)
    return np.asarray(rounded / parts)


def _in_parts(gamma: Array, parts: int) -> bool:
    return bool(np.allclose(gamma * parts, np.round(gamma * parts), rtol=0, atol=1e-12))


def _rows(problem: Problem) -> Iterator[Problem]:
    """One row of the responsibilities hard, equal, or in whole parts."""
    arrays, gamma = problem.arrays, problem.responsibilities
    count = gamma.shape[1]
    for n, row in enumerate(gamma):
        if _in_parts(row, 1):
            continue
        parts = [_rounded(row[np.newaxis], part)[0] for part in _FRACTIONS[1:]]
        for simple in (*np.eye(count), np.full(count, 1 / count), *parts):
            if np.allclose(simple, row, rtol=0, atol=1e-12):
                break
            changed = gamma.copy()
            changed[n] = simple
            yield problem.with_arrays(arrays | {"responsibilities": changed})


def _entries(problem: Problem) -> Iterator[Problem]:
    """One number a small one."""
    arrays = problem.arrays
    for name in (key for key in arrays if key != "responsibilities"):
        for at in np.ndindex(arrays[name].shape):
            for simple in _SIMPLE:
                if arrays[name][at] == simple:
                    break
                changed = arrays[name].copy()
                changed[at] = simple
                yield problem.with_arrays(arrays | {name: changed})
