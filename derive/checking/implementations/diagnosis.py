"""Which mistake explains what a function returned: the one whose altered reference agrees on all problems."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.checking.implementations.mutant import Mutant
from derive.checking.implementations.returns import WRONG, Read, shape_mistake
from derive.checking.submitted.problem import Arrays, Problem

Array = NDArray[np.float64]
_AGREES = 1e-6  # relative to the largest entry
_DIFFERS = 1e-5
_SEEN = 0.5  # of the entries, that must be finite to be compared


@dataclass(frozen=True)
class Observed:
    """What was returned on one problem, and what is right."""

    problem: Problem
    read: dict[str, Read]
    right: Arrays


def diagnose(observed: Sequence[Observed], bank: Sequence[Mutant]) -> tuple[str, str]:
    """Name of the mistake, "" if none is known, and a sentence."""
    wrong = [name for name in observed[0].read if any(one.read[name].state == WRONG for one in observed)]
    for name in wrong:
        for one in observed:
            told = shape_mistake(one.read[name], one.right[name], one.problem, name)
            if told is not None:
                return told
    found: dict[str, Mutant] = {}
    for mutant in bank:
        agreeing = _agreement(mutant, observed)
        if agreeing >= set(observed[0].read):
            return mutant.name, mutant.says
        for name in wrong:
            if name in agreeing:
                found.setdefault(name, mutant)
    if found:
        explained = [name for name in wrong if name in found]
        says = list(dict.fromkeys(found[name].says for name in explained))
        missing = [name for name in wrong if name not in found]
        says += [f"the {', '.join(missing)} differ, too"] if missing else []
        return found[explained[0]].name, "; ".join(says)
    return "", _difference(observed, wrong)


def _agreement(mutant: Mutant, observed: Sequence[Observed]) -> set[str]:
    """The names on which a mistake gives what was returned, on all problems, and on one at least what is wrong."""
    agreeing: set[str] | None = None
    different: set[str] = set()
    for one in observed:
        value = mutant.on(one.problem)
        here = set()
        for name, read in one.read.items():
            made = value.get(name)
            if made is None or read.value is None or made.shape != read.value.shape:
                continue
            if _agree(read.value, made, _AGREES):
                here.add(name)
            if not _agree(made, one.right[name], _DIFFERS):
                different.add(name)
        agreeing = here if agreeing is None else agreeing & here
        if not agreeing:
            return set()
    return agreeing if agreeing and agreeing & different else set()


def _agree(one: Array, other: Array, tolerance: float) -> bool:
    with np.errstate(all="ignore"):
        finite = np.isfinite(one) & np.isfinite(other)
        # 0 / 0 where densities underflow hides the mistake in these places only
        if not (finite | np.isnan(one) | (one == other)).all() or finite.mean() < _SEEN:
            return False
        scale = float(np.abs(other[finite]).max(initial=0.0))
        return bool(np.abs(one[finite] - other[finite]).max(initial=0.0) <= tolerance * max(scale, 1e-300))


def _difference(observed: Sequence[Observed], wrong: Sequence[str]) -> str:
    """Where the first wrong parameter differs most, in numbers."""
    for one in observed:
        for name in wrong:
            read, right = one.read[name], one.right[name]
            if read.value is None or read.state != WRONG:
                continue
            problem = one.problem
            where = f"N = {len(problem.X)}, K = {problem.responsibilities.shape[1]}"
            bad = ~np.isfinite(read.value)
            if bad.any():
                return f"the {name} are not finite numbers, with {where}"
            at = np.unravel_index(int(np.abs(read.value - right).argmax()), right.shape)
            place = f"[{', '.join(map(str, map(int, at)))}]" if at else ""
            return (
                f"the {name} differ: with {where}, {name}{place} is {read.value[at]:.6g}, and {right[at]:.6g} is right"
            )
    return f"the {', '.join(wrong)} differ"
