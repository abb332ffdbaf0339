"""The EM driver: several starts of a generated module's `em_step`, the best one kept."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError, InputError
from derive.runtime.collapse import ADVICE, troubled_component
from derive.runtime.dataset import as_events, column_labels
from derive.runtime.degenerate import check_describable
from derive.runtime.initialisation import initial_responsibilities
from derive.runtime.options import MAX_ITER, N_INIT, TOL, Options
from derive.runtime.protocol import Array, GeneratedModule
from derive.runtime.shapes import check_knowns, count_parameters

_FALL = 1e-4  # nats a row by which rounding may lower the log-likelihood
OnIteration = Callable[[int, int, float], None]
"""Called with the number of the start, of the iteration, and the log-likelihood reached."""


@dataclass(frozen=True)
class FitResult:
    """The best of the starts.

    parameters: the module's named tuple. log_likelihood: at exactly these parameters, in nats, of all rows.
    bic: -2 log L + n_parameters log N; smaller is better. iterations: M-steps from the start to here.
    history: log-likelihood of the start and after each iteration. dropped: why starts were given up, one line each.
    """

    parameters: Any
    log_likelihood: float
    bic: float
    n_parameters: int
    iterations: int
    converged: bool
    history: tuple[float, ...]
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Problem:
    module: GeneratedModule
    X: NDArray[Any]
    knowns: Mapping[str, Array]


@dataclass(frozen=True)
class _Run:
    parameters: Any
    converged: bool
    history: tuple[float, ...]


def fit(  # noqa: PLR0913  each option is one the command line has
    module: GeneratedModule,
    X: NDArray[Any],
    k: int,
    *,
    seed: int = 0,
    tol: float = TOL,
    max_iter: int = MAX_ITER,
    n_init: int = N_INIT,
    init: str = "kmeans",
    on_iteration: OnIteration | None = None,
    knowns: Mapping[str, Array] | None = None,
    columns: Sequence[str] | None = None,
    source: str = "X",
) -> FitResult:
    """Fit a mixture of K components by EM.

    X: (N, D), or (N,) for scalar data; float32 is kept. seed, tol, max_iter, n_init, init: see `Options`.
    on_iteration: told of each iteration. knowns: the model's known constants. columns, source: names for messages.
    Raises InputError for data or options that cannot be used, FitError if every start loses or collapses a component.
    """
    options = Options(seed, tol, max_iter, n_init, init)
    events = as_events(X, module.EVENT_SHAPE, model=module.MODEL, source=source)
    rows, width = len(events), events.size // len(events)
    if k < 1:
        raise InputError(f"K must be 1 or more, not {k}")
    if k > rows:
        raise InputError(f"K = {k} components for N = {rows} rows; K can be N at most: use a smaller -k")
    sizes = {"N": rows, "K": k, "D": width}
    constants = check_knowns(module, knowns or {}, sizes)
    doubt = check_describable(module, events, k, column_labels(columns, width), constants)
    runs: list[_Run] = []
    dropped: list[str] = []
    generators = np.random.default_rng(options.seed).spawn(options.n_init)
    for start, rng in enumerate(generators):
        report = (lambda i, value, start=start: on_iteration(start, i, value)) if on_iteration else None
        responsibilities = initial_responsibilities(events, k, rng, options.init)
        try:
            with np.errstate(all="ignore"):  # what goes wrong is looked for explicitly, and said in words
                runs.append(_run(_Problem(module, events, constants), responsibilities, options, report))
        except FitError as error:
            dropped.append(str(error))
    if not runs and doubt:
        raise InputError(doubt)
    if not runs:
        starts = f"all {options.n_init} starts failed, the last: " if options.n_init > 1 else ""
        raise FitError(f"{starts}{dropped[-1]}; {ADVICE}")
    best = max(runs, key=lambda run: run.history[-1])
    count = count_parameters(module, sizes, constants)
    return FitResult(
        parameters=best.parameters,
        log_likelihood=best.history[-1],
        bic=-2 * best.history[-1] + count * math.log(rows),
        n_parameters=count,
        iterations=len(best.history) - 1,
        converged=best.converged,
        history=best.history,
        dropped=tuple(dropped),
    )


def _run(problem: _Problem, start: NDArray[Any], options: Options, report: Callable[[int, float], None] | None) -> _Run:
    """EM from these responsibilities. Raises FitError, naming the component, where it cannot go on."""
    module, X, knowns = problem.module, problem.X, problem.knowns
    history: list[float] = []
    converged = False
    previous, parameters, following = None, None, module.m_step(X, start, **knowns)
    while not converged and len(history) <= options.max_iter:
        previous, parameters = parameters, following
        try:
            following, value = module.em_step(X, parameters, **knowns)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise FitError(_trouble(problem, parameters, previous, start) or str(error)) from error
        if not math.isfinite(value):
            reason = _trouble(problem, parameters, previous, start)
            raise FitError(reason or f"the log-likelihood became {value} after {len(history)} iterations")
        gain = (value - history[-1]) / len(X) if history else math.inf
        if gain < -_FALL:
            raise FitError(
                _trouble(problem, parameters, previous, start)
                or f"the log-likelihood fell from {history[-1]:.10g} to {value:.10g} by rounding errors: the columns "
                "vary too little beside their size; subtract an offset or rescale them"
            )
        converged = gain < options.tol
        if gain < 0 and previous is not None:  # a fall within rounding: the best is what stood before
            parameters, previous = previous, None
            break
        history.append(float(value))
        if report:
            report(len(history) - 1, history[-1])
    reason = _trouble(problem, parameters, previous, start)
    if reason:
        raise FitError(reason)
    return _Run(parameters, converged, tuple(history))


def _trouble(problem: _Problem, parameters: Any, previous: Any, start: NDArray[Any]) -> str | None:
    """What is wrong with these parameters, judged by their own responsibilities, else by those that led to them."""
    module, X, knowns = problem.module, problem.X, problem.knowns
    led_here = start if previous is None else module.e_step(X, previous, **knowns)
    try:
        own = module.e_step(X, parameters, **knowns)
    except (ValueError, np.linalg.LinAlgError):
        own = led_here
    judged_by = own if np.isfinite(own).all() else led_here
    return troubled_component(module, X, parameters, judged_by, knowns)
