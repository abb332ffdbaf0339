"""The whole trial of a submitted M-step: problems, runs of EM, a verdict, and the smallest counter-example."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from derive.checking.submitted.compare import TOLERANCE, precise, scale_of, shortfall
from derive.checking.submitted.monotone import TOLERANCE as FALL
from derive.checking.submitted.monotone import run
from derive.checking.submitted.outcome import Kind, Outcome, outcome, right_result
from derive.checking.submitted.problem import Problem, Setting
from derive.checking.submitted.problems import problems
from derive.checking.submitted.process import Submission
from derive.checking.submitted.repeated import PROBLEMS, repeated
from derive.checking.submitted.shrink import shrunk
from derive.checking.verify import Check
from derive.errors import InputError

BLIND_PROBLEMS, BLIND_STARTS = 3, 2
_EQUAL = 1e-12  # of Q, relative
_SMALL = 30  # free numbers in a problem that SciPy can search well


class Verdict(StrEnum):
    """What is found on an M-step as a whole."""

    maximises = "maximises Q"
    raises_by_coordinates = "raises Q, and ends at a maximum over each single parameter"
    stops = "raises Q, but stops before a maximum over each single parameter"
    unsteady = "does well when it is called once, but EM with it is not monotone"
    close = "reaches the maximum of Q, but not to full precision"
    raises = "raises Q, but does not maximise it (a generalised EM)"
    lowers = "lowers Q"
    invalid = "gives invalid results"


@dataclass(frozen=True)
class Trial:
    """The result: the verdict, whether it passes, what was checked, and the smallest counter-example if it does not.

    m_step: as it was named. coordinate_wise: whether the model's own M-step starts from the previous parameters; then
    to raise Q is what one call is asked for, and to end at a maximum over each parameter what repeated calls are.
    latent: whether Q is that with a latent variable integrated out.
    """

    model: str
    m_step: str
    verdict: Verdict
    passed: bool
    checks: tuple[Check, ...]
    coordinate_wise: bool = False
    latent: bool = False
    example: Outcome | None = None


def try_m_step(setting: Setting, submission: Submission) -> Trial:
    """Try a submitted M-step on random and real problems. Raises InputError for a model that no problem fits."""
    posed = [problem for problem in problems(setting) if right_result(problem) is not None]
    if not posed:
        raise InputError(f"{setting.module.MODEL}: no random problem has a regular maximum, so nothing can be tried")
    latent = bool(setting.derivation.moments)
    coordinate_wise = latent or any(map(_depends_on_previous, posed))
    found = list(_outcomes(posed, submission, blind=not coordinate_wise))
    verdict = _verdict(found)
    checks = [_validity(found)]
    example = None
    failed = _failures(found, coordinate_wise=coordinate_wise)
    valid = [one for one in found if one.kind is not Kind.INVALID]
    if 2 * len(valid) > len(found):
        highest = _where_it_ends(posed, submission) if coordinate_wise else _maximum(valid)
        checks += [highest, _ascent(valid), _monotone(posed, submission)]
    if failed:
        below = coordinate_wise and failed[0].kind is Kind.LOWERS
        example = shrunk(failed[0], submission, below_previous=below)
    passed = all(check.passed for check in checks)
    verdict = _of_checks(verdict, checks, coordinate_wise=coordinate_wise)
    name = setting.module.MODEL
    return Trial(name, submission.name, verdict, passed, tuple(checks), coordinate_wise, latent, example)


def _of_checks(verdict: Verdict, checks: list[Check], *, coordinate_wise: bool) -> Verdict:
    """The verdict in the light of all checks: it may not say more than they show, nor less."""
    if coordinate_wise and verdict in {Verdict.maximises, Verdict.close, Verdict.raises}:
        verdict = Verdict.raises_by_coordinates if checks[1].passed else Verdict.stops
    if verdict in {Verdict.maximises, Verdict.raises_by_coordinates} and not checks[0].passed:
        return Verdict.invalid
    if verdict in {Verdict.maximises, Verdict.raises_by_coordinates, Verdict.stops} and not checks[-1].passed:
        return Verdict.unsteady
    return verdict


def _outcomes(posed: list[Problem], submission: Submission, *, blind: bool) -> Iterator[Outcome]:
    """Two for each problem: from random previous parameters, and from the maximum itself, which must not get worse."""
    searched = 0
    for problem in posed:
        free = sum(value.size for value in (problem.previous or {}).values())
        starts = BLIND_STARTS if blind and free <= _SMALL and searched < BLIND_PROBLEMS else 0
        first = outcome(problem, submission, blind=starts, repeat=True)
        if first is None:
            continue
        searched += bool(starts)
        yield first
        if first.ended:
            return
        second = outcome(problem.from_(first.right), submission)
        if second is not None:
            yield second


def _depends_on_previous(problem: Problem) -> bool:
    """Whether the derived M-step gives something else when it starts from its own result."""
    first = right_result(problem)
    second = None if first is None else right_result(problem.from_(first))
    if first is None or second is None:
        return False
    lack = shortfall(problem, first, second)
    return lack > TOLERANCE * scale_of(problem.Q(second)) or not precise(problem, lack)


def _verdict(found: list[Outcome]) -> Verdict:
    """The worst that was seen; a few invalid results do not hide what the others are."""
    valid = [one.kind for one in found if one.kind is not Kind.INVALID]
    worst = max(valid) if 2 * len(valid) > len(found) else Kind.INVALID
    return {
        Kind.MAXIMISES: Verdict.maximises,
        Kind.CLOSE: Verdict.close,
        Kind.RAISES: Verdict.raises,
        Kind.LOWERS: Verdict.lowers,
        Kind.INVALID: Verdict.invalid,
    }[worst]


def _failures(found: list[Outcome], *, coordinate_wise: bool) -> list[Outcome]:
    """The outcomes that show the fault, the clearest first; invalid results come first where most are."""
    least = Kind.LOWERS if coordinate_wise else Kind.CLOSE
    failed = [one for one in found if one.kind >= least]
    invalid = _verdict(found) is Verdict.invalid
    return sorted(
        failed, key=lambda one: ((one.kind is Kind.INVALID) is not invalid, -one.lack / scale_of(one.q_right))
    )


def _validity(found: list[Outcome]) -> Check:
    name = "results are valid"
    wrong = [one for one in found if one.kind is Kind.INVALID]
    if wrong:
        first = wrong[0]
        return Check(
            name, passed=False, detail=f"not on {_share(wrong, found)}, e.g. {first.problem.name}: {first.fault}"
        )
    where = _counted(len({one.problem.name for one in found}), "problem")
    return Check(
        name, passed=True, detail=f"on {where}: shapes, domains, the same when called twice, nothing else changed"
    )


def _where_it_ends(posed: list[Problem], submission: Submission) -> Check:
    """Whether repeated calls come as far as those of the derived M-step."""
    name = "Q at the end of repeated calls"
    ends = [end for problem in posed[:PROBLEMS] if (end := repeated(problem, submission)) is not None]
    wrong = [end for end in ends if end.fault]
    if wrong:
        worst = max(wrong, key=lambda end: end.gain)
        detail = f"too low on {len(wrong)} of {_counted(len(ends), 'problem')}, e.g. {worst.fault}"
        return Check(name, passed=False, detail=detail)
    detail = f"on {_counted(len(ends), 'problem')}, the derived M-step raises it no further, parameter by parameter"
    return Check(name, passed=True, detail=f"{detail}; that it is the global maximum is not claimed")


def _maximum(found: list[Outcome]) -> Check:
    name = "Q is at its maximum"
    short = max(found, key=lambda one: one.lack / scale_of(one.q_right))
    missed = [one for one in found if one.kind in {Kind.RAISES, Kind.LOWERS}]
    relative = short.lack / scale_of(short.q_right)
    if missed:
        by = "a numerical search" if short.blind else "the derived M-step"
        falls = f"{short.problem.name}: {short.lack:.3g} nats ({relative:.1e} relative) below that of {by}"
        return Check(name, passed=False, detail=f"missed on {_share(missed, found)}, most on {falls}")
    close = [one for one in found if one.kind is Kind.CLOSE]
    if close:
        worst = max(close, key=lambda one: one.lack)
        error = np.sqrt(worst.lack / len(worst.problem.X))
        where = f"{worst.problem.name}: parameters off by about {error:.0e} standard deviations of a sample"
        how = " (computed in single precision)" if worst.single else ""
        return Check(name, passed=False, detail=f"nearly, on {_share(close, found)}; {where}{how}")
    searched = sum(one.searched for one in found)
    detail = "equal to that of the derived M-step" if relative <= _EQUAL else f"within {relative:.0e} relative of it"
    if searched:
        detail += f"; on {_counted(searched, 'problem')} SciPy searched blindly and found nothing higher"
    return Check(name, passed=True, detail=detail)


def _ascent(found: list[Outcome]) -> Check:
    name = "Q never falls"
    fallen = [one for one in found if one.kind is Kind.LOWERS]
    if not fallen:
        return Check(name, passed=True, detail="neither from random previous parameters nor from the maximum")
    worst = max(fallen, key=lambda one: (one.q_previous - one.q_found) / scale_of(one.q_right))
    falls = f"from {worst.q_previous:.10g} to {worst.q_found:.10g}"
    return Check(name, passed=False, detail=f"falls on {_share(fallen, found)}, e.g. {worst.problem.name}: {falls}")


def _monotone(posed: list[Problem], submission: Submission) -> Check:
    name = "EM is monotone"
    runs = [run(problem, submission, at_maximum=late) for problem in posed for late in (False, True)]
    steps = sum(one.iterations for one in runs)
    wrong = [one for one in runs if one.fault]
    if wrong:
        return Check(name, passed=False, detail=f"not in {len(wrong)} of {len(runs)} runs, e.g. {wrong[0].fault}")
    return Check(name, passed=True, detail=f"{steps} steps in {len(runs)} runs (tolerance {FALL:.0e} relative)")


def _share(some: list[Outcome], found: list[Outcome]) -> str:
    return f"{len({one.problem.name for one in some})} of {_counted(len({o.problem.name for o in found}), 'problem')}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
