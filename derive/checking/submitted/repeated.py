"""Repeated calls, where one call need not reach a maximum: they have to come as far as those of the derived M-step.

An M-step that goes coordinate by coordinate, or that takes moments of a latent variable at the previous parameters,
only raises Q. That alone says little: one that leaves its parameters as they are never lowers it. So it is called again
with its own result, and in the end the derived M-step may not raise Q much further.
"""

from dataclasses import dataclass

from derive.checking.submitted.compare import scale_of, which_is_off
from derive.checking.submitted.conform import unfit
from derive.checking.submitted.outcome import right_result
from derive.checking.submitted.problem import Arrays, Problem
from derive.checking.submitted.process import Submission

CALLS = 60
MORE_CALLS = 300  # of one that still rises
PROBLEMS = 4
_STILL = 1e-6  # nats, relative to Q: what the derived M-step may still gain
_STOPPED = 0.01  # a rise by less than this part of what the derived M-step gains is none
_SLOWER = 30.0  # times what it gains itself after as many of its own steps


@dataclass(frozen=True)
class Repeated:
    """Where repeated calls end: ``gain`` is what one step of the derived M-step adds there, in nats; fault: why not."""

    problem: Problem
    gain: float = 0.0
    fault: str = ""


def repeated(problem: Problem, submission: Submission) -> Repeated | None:
    """Call the M-step again and again, and say where it stops too early; None for a problem that shows nothing.

    One that is slow, but still rises, does not stop.
    """
    ours = _climbed(problem)
    if problem.previous is None or ours is None:
        return None
    theirs, rise, fault = _called(problem, submission, problem.previous, CALLS)
    gain, own = _gain(problem, theirs), _gain(problem, ours)
    least = max(_STILL * scale_of(problem.Q(ours)), _SLOWER * (own or 0.0))
    if not fault and gain is not None and gain > least and rise > _STOPPED * gain:
        theirs, rise, fault = _called(problem, submission, theirs, MORE_CALLS)
        gain = _gain(problem, theirs)
    if fault:
        return Repeated(problem, fault=f"{problem.name}: called with its own result, it fails: {fault}")
    if gain is None or gain <= least or rise > _STOPPED * gain:
        return Repeated(problem)
    better = right_result(problem.from_(theirs))
    off = which_is_off(problem, theirs, better) if better is not None else ()
    which = f", most by another value of {off[0].parameter}" if off else ""
    words = f"{problem.name}: where repeated calls end, the derived M-step still raises Q by {gain:.3g} nats{which}"
    return Repeated(problem, gain, words)


def _called(problem: Problem, submission: Submission, start: Arrays, calls: int) -> tuple[Arrays, float, str]:
    """Where so many calls lead, by how much the last one raised Q, and what went wrong."""
    now, rise = start, 0.0
    for _ in range(calls):
        asked = problem.from_(now)
        head, found = submission.call(asked.arrays, problem.setting.fields)
        fault = str(head.get("fault", "")) or unfit(asked, head, found, start)
        if fault:
            return now, rise, fault
        rise = problem.Q(found) - problem.Q(now)
        now = found
        if rise < 1e-12 * scale_of(problem.Q(found)):
            break
    return now, rise, ""


def _climbed(problem: Problem) -> Arrays | None:
    """Where as many calls of the derived M-step lead."""
    now = problem.previous
    for _ in range(CALLS):
        now = None if now is None else right_result(problem.from_(now))
    return now


def _gain(problem: Problem, at: Arrays) -> float | None:
    """What one step of the derived M-step adds to Q; None where it is undefined."""
    after = right_result(problem.from_(at))
    return None if after is None else problem.Q(after) - problem.Q(at)
