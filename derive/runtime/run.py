"""One start of EM: iterations at a fixed mode, and a schedule of temperatures."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError
from derive.runtime.checkpoint import Bookmark, Place, Run
from derive.runtime.initialisation import standardise
from derive.runtime.modes import SOFT, annealed
from derive.runtime.options import Options
from derive.runtime.problem import Problem

_FALL = 1e-4  # nats a row by which rounding may lower the objective
_TILT = 0.3  # nats a standard deviation by which a change of temperature tilts the posteriors
OnIteration = Callable[[int, float], None]


def run(
    problem: Problem, start: Any, options: Options, report: OnIteration | None, keep: Bookmark | None = None
) -> Run:
    """EM in the problem's mode from responsibilities of the units, shape (G, K), or from the module's parameters.

    keep: where each iteration is kept, and found again. Raises FitError, naming the component, where it cannot go on.
    """
    converged = False
    parameters, following, history = _beginning(problem, start, keep)
    previous = None
    while not converged and len(history) <= options.max_iter:
        previous, parameters = parameters, following
        try:
            following, value = problem.step(parameters)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise FitError(problem.trouble(parameters, previous, start) or str(error)) from error
        if not math.isfinite(value):
            reason = problem.trouble(parameters, previous, start)
            raise FitError(reason or f"the {problem.objective} became {value} after {len(history)} iterations")
        gain = (value - history[-1]) / problem.rows if history else math.inf
        if gain < -_FALL:
            raise FitError(
                problem.trouble(parameters, previous, start)
                or f"the {problem.objective} fell from {history[-1]:.10g} to {value:.10g} by rounding errors: the "
                "columns vary too little beside their size; subtract an offset or rescale them"
            )
        converged = gain < options.tol
        if gain < 0 and previous is not None:  # a fall within rounding: the best is what stood before
            parameters, previous = previous, None
            break
        history.append(float(value))
        if report:
            report(len(history) - 1, history[-1])
        if keep is not None and not converged:
            keep.save(Place(parameters, following, tuple(history)))
    reason = problem.trouble(parameters, previous, start)
    if reason:
        raise FitError(reason)
    return Run(parameters, converged, tuple(history), len(history) - 1)


def _beginning(problem: Problem, start: Any, keep: Bookmark | None) -> tuple[Any, Any, list[float]]:
    """Parameters so far, those that follow, and the objective's history: as they were kept, else of an M-step."""
    if keep is not None and keep.kept is not None:
        return keep.kept.parameters, keep.kept.following, list(keep.kept.history)
    try:
        return None, problem.m_step(start) if isinstance(start, np.ndarray) else start, []
    except (ValueError, np.linalg.LinAlgError) as error:
        raise FitError(str(error)) from error


def run_annealed(
    problem: Problem,
    start: Any,
    options: Options,
    rng: np.random.Generator,
    report: OnIteration | None,
    keep: Bookmark | None = None,
) -> Run:
    """EM at each temperature of the schedule in turn, each from where the one before ended; the last is 1, ordinary EM.

    At a change the posteriors are perturbed: components that coincide at a high temperature would never part
    otherwise (Rose 1998). Raises FitError as `run` does.
    """
    stage = None
    features = standardise(problem.latent.means(problem.X))
    first, done = (0, 0) if keep is None else keep.reached
    if keep is not None and first >= len(options.schedule):
        raise keep.checkpoint.refused()
    changes = rng.spawn(len(options.schedule))
    for number, temperature in list(enumerate(options.schedule))[first:]:
        at = problem.in_mode(SOFT if temperature == 1 else annealed(temperature))
        told = (lambda i, value, done=done: report(done + i, value)) if report else None
        if stage is not None:
            start = _tilted(at.e_step(stage.parameters)[0], features, changes[number])
        stage = run(at, start, options, told, None if keep is None else keep.at(number, done))
        done += len(stage.history)  # the M-step from the start counts too
    assert stage is not None  # noqa: S101 - options refuse an empty schedule
    return replace(stage, iterations=done - 1)


def _tilted(responsibilities: NDArray[Any], features: NDArray[np.float64], rng: np.random.Generator) -> NDArray[Any]:
    """Posteriors that favour each component a little in a random direction of the data; those that are sure stay.

    responsibilities: (G, K). features: (G, D), standardised. Noise drawn for each unit apart would average out.
    """
    directions = rng.normal(size=(features.shape[1], responsibilities.shape[1])) / np.sqrt(features.shape[1])
    tilt = np.exp(np.clip(_TILT * features @ directions, -1, 1))
    tilted = responsibilities * tilt
    return np.asarray(tilted / tilted.sum(axis=1, keepdims=True), dtype=responsibilities.dtype)
