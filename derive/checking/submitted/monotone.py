"""EM with a submitted M-step: the objective of the model must never fall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.conform import unfit
from derive.checking.submitted.outcome import right_result
from derive.checking.submitted.problem import Arrays, Problem
from derive.checking.submitted.process import Submission

TOLERANCE = 1e-10  # relative: what rounding may take
ITERATIONS = 12
_FEWEST = 2.0  # samples of a component, by their effective number
_TO_THE_MAXIMUM = 50  # iterations with the derived M-step
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """One run: iterations done, and where one of them lowered the objective, a sentence that says so."""

    iterations: int
    fault: str = ""


def run(problem: Problem, submission: Submission, *, at_maximum: bool = False) -> Run:
    """EM from the problem's responsibilities, or from where EM with the derived M-step ends.

    A run ends early where a component collapses: the derived M-step gives no result, or hardly more than one sample is
    left to a component, so that rounding decides.
    """
    parameters = _converged(problem) if at_maximum else None
    gamma = problem.responsibilities if parameters is None else _e_step(problem, parameters)
    value = -np.inf if parameters is None else objective(problem, parameters)
    if gamma is None or (at_maximum and parameters is None):
        return Run(0)
    for iteration in range(ITERATIONS):
        now = Problem(problem.setting, problem.name, problem.X, gamma, parameters or problem.previous, problem.knowns)
        right = right_result(now)
        if right is None or _concentrated(gamma):
            return Run(iteration)
        head, found = submission.call(now.arrays, problem.setting.fields)
        fault = str(head.get("fault", "")) or unfit(now, head, found, right)
        if fault:
            return Run(iteration, f"{problem.name}, iteration {iteration + 1}: {fault}")
        after = objective(problem, found)
        if not after >= value - TOLERANCE * max(1.0, abs(value)):
            where = "at the maximum, it" if at_maximum and iteration == 0 else f"iteration {iteration + 1}"
            return Run(iteration, f"{problem.name}: {where} takes the objective from {value:.10g} to {after:.10g}")
        parameters, value = found, after
        gamma = _e_step(problem, parameters)
        if gamma is None:
            return Run(iteration)
    return Run(ITERATIONS)


def objective(problem: Problem, values: Arrays) -> float:
    """What EM must not lower: the module's ``objective`` where it has one, else the log-likelihood, in nats."""
    module = problem.setting.module
    function = getattr(module, "objective", module.log_likelihood)
    try:
        with np.errstate(all="ignore"):
            return float(function(problem.X, problem.parameters(values), **problem.knowns))
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):
        return float("nan")


def _e_step(problem: Problem, values: Arrays) -> Array | None:
    """Responsibilities at these parameters; None where they cannot be computed."""
    try:
        with np.errstate(all="ignore"):
            gamma = problem.setting.module.e_step(problem.X, problem.parameters(values), **problem.knowns)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):
        return None
    return np.asarray(gamma, dtype=np.float64) if np.isfinite(gamma).all() else None


def _concentrated(gamma: Array) -> bool:
    """Whether a component's responsibilities lie on fewer than two samples, by their effective number."""
    counts = gamma.sum(axis=0)
    return bool((counts**2 < _FEWEST * (gamma**2).sum(axis=0)).any())


def _converged(problem: Problem) -> Arrays | None:
    """Parameters after many iterations of the generated code's EM; None where it collapses on the way."""
    now = right_result(problem)
    for _ in range(_TO_THE_MAXIMUM):
        gamma = None if now is None else _e_step(problem, now)
        if now is None or gamma is None:
            return None
        now = right_result(Problem(problem.setting, problem.name, problem.X, gamma, now, problem.knowns))
    return now
