"""What a submitted M-step does on one problem."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from derive.checking.submitted.blind import maximum
from derive.checking.submitted.compare import (
    TOLERANCE,
    Off,
    atlas_of,
    exchanged,
    precise,
    reordered,
    scale_of,
    shortfall,
    which_is_off,
)
from derive.checking.submitted.conform import regular, unfit
from derive.checking.submitted.problem import Arrays, Problem
from derive.checking.submitted.process import Submission

REPEATABLE = 1e-12  # relative difference of two calls: threads may add in another order


class Kind(IntEnum):
    """From the best to the worst that an M-step can do."""

    MAXIMISES = 0
    CLOSE = 1  # Q is right to its tolerance, the parameters are not as precise as they should be
    RAISES = 2
    LOWERS = 3
    INVALID = 4


@dataclass(frozen=True)
class Outcome:
    """One call on one problem.

    lack: how far Q falls short of ``q_right``, in nats. previous: Q of the previous parameters, minus infinity without.
    fault: what is wrong with an invalid result. ended: the process did not survive the call.
    """

    problem: Problem
    kind: Kind
    right: Arrays
    q_right: float
    found: Arrays | None = None
    q_found: float = float("nan")
    q_previous: float = -np.inf
    lack: float = 0.0
    fault: str = ""
    ended: bool = False
    searched: bool = False
    blind: bool = False
    single: bool = False

    @property
    def off(self) -> tuple[Off, ...]:
        """Parameters that are off, that which costs most first."""
        return which_is_off(self.problem, self.found, self.right) if self.found and self.lack > 0 else ()

    @property
    def order(self) -> tuple[int, ...] | None:
        """The order of components in which the result would be right."""
        return reordered(self.problem, self.found, self.right) if self.found and self.lack > 0 else None

    @property
    def exchanged(self) -> tuple[str, str] | None:
        """Two parameters that were returned in each other's place."""
        return exchanged(self.found, self.right) if self.found and self.lack > 0 else None


def right_result(problem: Problem) -> Arrays | None:
    """What the derived update gives; None where the problem has no regular maximum, so that it shows nothing."""
    try:
        with np.errstate(all="ignore"):
            right = problem.reference()
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):
        return None
    families = problem.setting.families
    inside = all(regular(families[name], value) for name, value in right.items())
    return right if inside and np.isfinite(problem.Q(right)) else None


def outcome(problem: Problem, submission: Submission, *, blind: int = 0, repeat: bool = False) -> Outcome | None:
    """Call the submitted M-step on a problem and judge its result; None for a problem that shows nothing.

    blind: number of random starts from which SciPy looks for a higher Q, besides the submitted result, where the
    result is as good as the derived one; 0 for no search.
    repeat: call it twice, and compare.
    """
    right = right_result(problem)
    if right is None:
        return None
    head, arrays = submission.call(problem.arrays, problem.setting.fields)
    q_right = problem.Q(right)
    changed = [str(name).replace("known ", "") for name in head.get("changed", ())]
    fault = f"changes its input {', '.join(changed)}" if changed else str(head.get("fault", ""))
    fault = fault or unfit(problem, head, arrays, right)
    if not fault and repeat:
        fault = _differs(submission, problem, arrays)
    q_found = float("nan") if fault else problem.Q(arrays)
    if not fault and not np.isfinite(q_found):
        fault = f"gives parameters at which Q is {q_found}"
    if fault:
        return Outcome(problem, Kind.INVALID, right, q_right, fault=fault, ended=bool(head.get("ended")))
    higher = False
    lack = shortfall(problem, arrays, right)
    if blind and lack <= TOLERANCE * scale_of(q_right) and precise(problem, lack):
        best, value = _search(problem, arrays, right, blind)
        if best is not None and value > max(q_right, q_found) + TOLERANCE * scale_of(q_right):
            right, q_right, higher = best, value, True
            lack = shortfall(problem, arrays, right)
    before = problem.Q(problem.previous) if problem.previous else -np.inf
    before = before if np.isfinite(before) else -np.inf
    kind = _kind(problem, lack, q_right, q_found, before)
    single = any(name in {"float32", "float16"} for name in dict(head.get("types", {})).values())
    return Outcome(
        problem, kind, right, q_right, arrays, q_found, before, lack, searched=blind > 0, blind=higher, single=single
    )


def _kind(problem: Problem, lack: float, q_right: float, q_found: float, before: float) -> Kind:
    tolerance = TOLERANCE * scale_of(q_right)
    if lack <= tolerance:
        return Kind.MAXIMISES if precise(problem, lack) else Kind.CLOSE
    return Kind.RAISES if q_found >= before - tolerance else Kind.LOWERS


def _differs(submission: Submission, problem: Problem, first: Arrays) -> str:
    head, second = submission.call(problem.arrays, problem.setting.fields)
    if fault := head.get("fault"):
        return f"called a second time with the same arguments: {fault}"
    for name, value in first.items():
        again = second.get(name)
        size = float(np.abs(value).max(initial=0.0))
        if again is None or again.shape != value.shape or not (np.abs(again - value) <= REPEATABLE * size).all():
            return f"is not repeatable: called twice with the same arguments, it gives two values of {name}"
    return ""


def _search(problem: Problem, found: Arrays, right: Arrays, starts: int) -> tuple[Arrays | None, float]:
    atlas, rng = atlas_of(problem, right), np.random.default_rng(starts)
    origin = atlas.coordinates(right)
    others = [
        atlas.values({name: value + rng.normal(scale=0.5, size=value.shape) for name, value in origin.items()})
        for _ in range(starts)
    ]
    return maximum(problem.Q, atlas, [found, *others])
