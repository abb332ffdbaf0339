"""The EM driver: several starts of EM by a generated module, the best one kept."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError, InputError
from derive.runtime.checkpoint import Bookmark, Checkpoint, Run, digest_of, digest_of_starts
from derive.runtime.collapse import ADVICE
from derive.runtime.crisp import told_apart
from derive.runtime.dataset import column_labels
from derive.runtime.degenerate import check_describable
from derive.runtime.given import Held, given
from derive.runtime.initialisation import initial_responsibilities, with_others
from derive.runtime.latent import observed
from derive.runtime.letters import coordinate
from derive.runtime.modes import HARD, SOFT
from derive.runtime.options import MAX_ITER, N_INIT, TOL, Options
from derive.runtime.problem import Problem, check_grouped
from derive.runtime.protocol import Array, GeneratedModule, shared_plate
from derive.runtime.run import run, run_annealed
from derive.runtime.shapes import check_fit, check_knowns, count_parameters, sizes_of, sizes_of_parameters
from derive.runtime.spread import spread
from derive.runtime.weighted import check_weightable

OnIteration = Callable[[int, int, float], None]
"""Called with the number of the start, of the iteration, and the objective reached."""
Start = tuple[Any, np.random.Generator]


@dataclass(frozen=True)
class FitResult:
    """The best of the starts.

    parameters: the module's named tuple. log_likelihood: of all that was observed, rows and known labels, at exactly
    these parameters, in nats. bic: -2 log L + n_parameters log N, smaller is better; with groups N is their number;
    None in hard mode, whose parameters do not maximise the likelihood. iterations: M-steps from the start to here.
    history: the objective at the start and after each iteration; in annealed mode of the last temperature, 1.
    dropped: why starts were given up, one line each. objective: the name of what no iteration lowers. limited_by: the
    option that ended a fit that has not converged.
    """

    parameters: Any
    log_likelihood: float
    bic: float | None
    n_parameters: int
    iterations: int
    converged: bool
    history: tuple[float, ...]
    dropped: tuple[str, ...] = ()
    objective: str = SOFT.objective
    limited_by: str = "--max-iter"

    @property
    def value(self) -> float:
        """The objective at the parameters, in nats."""
        return self.history[-1]


def fit(  # noqa: PLR0913  each option is one the command line has
    module: GeneratedModule,
    X: Any,
    k: int,
    *,
    seed: int = 0,
    tol: float = TOL,
    max_iter: int = MAX_ITER,
    n_init: int = N_INIT,
    init: str = "kmeans",
    mode: str = "soft",
    temperatures: Sequence[float] | None = None,
    labels: Sequence[int] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    on_iteration: OnIteration | None = None,
    knowns: Mapping[str, Array] | None = None,
    columns: Sequence[str] | None = None,
    source: str = "X",
    starts: Iterable[Any] | None = None,
    sample_weight: NDArray[Any] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
) -> FitResult:
    """Fit a mixture of K components by EM.

    X: (N, D), or (N,) for scalar data; float32 is kept. Or what is read block by block in constant memory: a memory
    map, a frame, a file, a Zarr array, blocks that can be walked twice (see `as_source`), a `Walk`, an `Engine`. seed,
    tol, max_iter, n_init, init, mode, temperatures: see `Options`. labels: (N,), the component from 0 of each row, -1
    where it is unknown. groups: (N,), equal for rows that share one unknown label, whose weight then counts once.
    on_iteration: told of each iteration. knowns: the model's known constants. columns, source: names for messages.
    starts: what to start from instead of ``init``, a run each: the module's parameters, or responsibilities (N, K).
    sample_weight: (N,), positive, how many rows each row stands for, for a model that does not know of weights; see
    `weighted`. checkpoint: a file where each iteration is kept, and from which a fit that was cut short goes on.
    Raises InputError for data or options that cannot be used, FitError if every start loses or collapses a component.
    """
    options = Options(seed, tol, max_iter, n_init, init, mode, None if temperatures is None else tuple(temperatures))
    check_fit(module, k)
    starts = None if starts is None else list(starts)
    others = {"labels": labels, "groups": groups, "starts": starts, "sample weights": sample_weight}
    data = given(module, X, k, knowns or {}, source, mode=options.mode, others=others)
    if isinstance(data, Held):
        mode_of_steps = HARD if options.mode == "hard" else SOFT
        latent = observed(len(data.X), k, labels, groups)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        problem = Problem(module, data.X, data.knowns, latent, mode_of_steps, weights)
    else:
        problem = spread(data, options.seed)
    rows, width = problem.rows, problem.X.size // len(problem.X)
    if k > rows:
        raise InputError(f"K = {k} components for N = {rows} rows; K can be N at most: use a smaller -k")
    sizes = sizes_of(module, len(problem.X), k, width)
    check_knowns(module, problem.knowns, sizes)  # their further sizes are counted with
    if groups is not None:
        check_grouped(problem, k)
    doubt = _doubt(problem, k, column_labels(columns, width))
    kept = None if checkpoint is None else Checkpoint(Path(checkpoint), module, _identity(problem, k, options, starts))
    runs, dropped = _runs(problem, _starts(problem, k, options, starts), options, on_iteration, kept)
    if not runs and doubt:
        raise InputError(doubt)
    if not runs:
        attempts = f"all {options.n_init} starts failed, the last: " if options.n_init > 1 else ""
        raise FitError(f"{attempts}{dropped[-1]}; {ADVICE}")
    best = max(runs, key=lambda run: run.history[-1])
    count = count_parameters(module, sizes, problem.knowns)
    log_likelihood = problem.log_likelihood(best.parameters)
    return FitResult(
        parameters=best.parameters,
        log_likelihood=log_likelihood,
        bic=-2 * log_likelihood + count * math.log(problem.size) if problem.mode is SOFT else None,
        n_parameters=count,
        iterations=best.iterations,
        converged=best.converged,
        history=best.history,
        dropped=tuple(dropped),
        objective=problem.objective,
    )


def _starts(problem: Problem, k: int, options: Options, given: Iterable[Any] | None) -> Iterator[Start]:
    """What to start from, responsibilities of the units (G, K) or parameters, each with its random numbers."""
    generator = np.random.default_rng(options.seed)
    if given is not None:
        for start in given:
            _check_start(problem, k, start)
            yield start, generator.spawn(1)[0]
        return
    means = problem.latent.means(problem.X)
    for rng in generator.spawn(options.n_init):
        yield initial_responsibilities(means, k, rng, options.init, problem.latent.unit_labels), rng


def _check_start(problem: Problem, k: int, start: Any) -> None:
    """Raise InputError where a given start is not one for these units and K components."""
    if isinstance(start, np.ndarray):
        if start.shape != (problem.units, k):
            raise InputError(
                f"responsibilities to start from should have shape {(problem.units, k)}, not {start.shape}"
            )
        return
    module, letter = problem.module, shared_plate(problem.module)[0]
    sizes = sizes_of(module, len(problem.X), k, problem.X.size // len(problem.X))
    found = sizes_of_parameters(module, start)
    for size in (letter, coordinate(module)):
        if found.get(size, sizes[size]) != sizes[size]:
            raise InputError(f"parameters to start from have {size} = {found[size]}, but {size} = {sizes[size]} here")


def _runs(
    problem: Problem,
    starts: Iterable[Start],
    options: Options,
    on_iteration: OnIteration | None,
    kept: Checkpoint | None,
) -> tuple[list[Run], list[str]]:
    """The runs that went well, and why the others did not."""
    ends: list[Run | str] = []
    for number, (start, rng) in enumerate(starts):
        report = (lambda i, value, number=number: on_iteration(number, i, value)) if on_iteration else None
        end = None if kept is None else kept.finished(number)
        if end is None:
            end = _run(problem, start, options, rng, report, kept)
            if kept is not None:
                kept.finish(end)
        ends.append(end)
    return [end for end in ends if isinstance(end, Run)], [end for end in ends if isinstance(end, str)]


def _run(
    problem: Problem,
    start: Any,
    options: Options,
    rng: np.random.Generator,
    report: Callable[[int, float], None] | None,
    kept: Checkpoint | None,
) -> Run | str:
    """How one start ends, or why it is given up."""
    if isinstance(start, np.ndarray):
        start = told_apart(problem, with_others(start, shared_plate(problem.module)[1]))
        check_weightable(problem, start)
    try:
        with np.errstate(all="ignore"):  # what goes wrong is looked for explicitly, and said in words
            keep = None if kept is None else Bookmark(kept)
            if options.mode == "annealed":
                return run_annealed(problem, start, options, rng, report, keep)
            return run(problem, start, options, report, keep)
    except FitError as error:
        return str(error)


def _doubt(problem: Problem, k: int, columns: Sequence[str]) -> str | None:
    """See `check_describable`; where the data are blocks, it judges a sample, and says so."""
    try:
        return check_describable(problem.module, problem.X, k, columns, problem.knowns)
    except InputError as error:
        if len(problem.X) == problem.rows:
            raise
        raise InputError(f"in a sample of {len(problem.X)} of {problem.rows} rows: {error}") from error


def _identity(problem: Problem, k: int, options: Options, starts: Iterable[Any] | None) -> dict[str, Any]:
    """What a checkpoint is of: each part under the name that a message has for it."""
    return {
        "model": digest_of(problem.module),
        "data": [problem.rows, problem.digest],
        "number of components": k,
        "way of reading the data": problem.way,
        "options": asdict(options),
        "starts": None if starts is None else digest_of_starts(starts),
    }
