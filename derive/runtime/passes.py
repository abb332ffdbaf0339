"""Online EM over data in memory: passes in blocks of rows in random order, until a pass no longer helps."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError, InputError
from derive.runtime.collapse import ADVICE
from derive.runtime.dataset import column_labels
from derive.runtime.degenerate import check_describable
from derive.runtime.densities import shared, taken
from derive.runtime.em import FitResult, OnIteration, fit
from derive.runtime.given import Held, given
from derive.runtime.merging import check_streamed
from derive.runtime.online import Steps, online_em
from derive.runtime.options import N_INIT, TOL, Options
from derive.runtime.problem import Problem
from derive.runtime.protocol import Array, GeneratedModule
from derive.runtime.shapes import check_fit, check_knowns, count_parameters, sizes_of
from derive.runtime.sources.block import Block
from derive.runtime.spread import spread

BLOCK_SIZE = 1000
PASSES = 10
_START_TOL = 1e-3  # nats a row: the first block is fitted roughly, it is only a start


def fit_online(  # noqa: PLR0913  each option is one the command line has
    module: GeneratedModule,
    X: Any,
    k: int,
    *,
    block_size: int = BLOCK_SIZE,
    passes: int = PASSES,
    steps: Steps | None = None,
    seed: int = 0,
    tol: float = TOL,
    n_init: int = N_INIT,
    init: str = "kmeans",
    on_iteration: OnIteration | None = None,
    knowns: Mapping[str, Array] | None = None,
    columns: Sequence[str] | None = None,
    source: str = "X",
) -> FitResult:
    """Fit a mixture of K components by online EM; an iteration of the result is a pass over all rows.

    X: (N, D), or (N,) for scalar data; or what is read block by block, as in `fit`, whose blocks are taken in their
    order: rows that are sorted should be shuffled first. block_size: rows a block. passes: over all rows, at most.
    steps: their sizes. seed: of the order of rows and of the start. tol: a pass that changes the log-likelihood by
    less, in nats a row, is the last. n_init, init: of the fit of the first block, from which it starts. on_iteration,
    knowns, columns, source: see `fit`. Raises InputError for a model without sufficient statistics and for data or
    options that cannot be used, FitError where a component loses its points or collapses.
    """
    Options(seed, tol, n_init=n_init, init=init)
    check_fit(module, k)
    check_streamed(module)
    _check_sizes(k, block_size, passes)
    data = given(module, X, k, knowns or {}, source)
    problem = Problem(module, data.X, data.knowns) if isinstance(data, Held) else spread(data, seed)
    rows, width, constants = problem.rows, problem.X.size // len(problem.X), problem.knowns
    sizes = sizes_of(module, len(problem.X), k, width)
    check_knowns(module, constants, sizes)  # their further sizes are counted with
    check_describable(module, problem.X, k, column_labels(columns, width), constants)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(problem.X))
    of_pass = math.ceil(rows / block_size)
    even = math.ceil(rows / of_pass)  # a last block of a few rows would count as much as any other
    first = _block(problem, order[:block_size])
    options: dict[str, Any] = {"seed": seed, "tol": _START_TOL, "n_init": n_init, "init": init, "columns": columns}
    begun = fit(module, first.X, k, knowns={**constants, **first.knowns}, source=f"{source}, block 1", **options)

    def blocks() -> Iterator[Block]:
        chosen = order
        for _ in range(passes):
            if not isinstance(data, Held):
                yield from replace(data.walk, size=even)
                continue
            for begin in range(0, rows, even):
                yield _block(problem, chosen[begin : begin + even])
            chosen = rng.permutation(rows)

    parameters, converged = begun.parameters, False
    history = [_objective(problem, parameters)]
    options = {
        "steps": steps,
        "start": parameters,
        "total": problem.size,
        "knowns": shared(module, constants),
        "source": source,
    }
    for state in online_em(module, blocks(), k, **options):
        if state.steps % of_pass:
            continue
        parameters = state.parameters
        history.append(_objective(problem, parameters))
        if on_iteration:
            on_iteration(0, len(history) - 1, history[-1])
        converged = abs(history[-1] - history[-2]) < tol * rows
        if converged:
            break
    reason = problem.trouble(parameters, None, problem.e_step(parameters)[0])
    if reason:
        raise FitError(f"{reason}; {ADVICE}")
    count = count_parameters(module, sizes, constants)
    log_likelihood = problem.log_likelihood(parameters)
    return FitResult(
        parameters=parameters,
        log_likelihood=log_likelihood,
        bic=-2 * log_likelihood + count * math.log(problem.size),
        n_parameters=count,
        iterations=len(history) - 1,
        converged=converged,
        history=tuple(history),
        objective=problem.objective,
        limited_by="--passes",
    )


def _objective(problem: Problem, parameters: Any) -> float:
    """The objective at these parameters. Raises FitError where it is not finite."""
    try:
        with np.errstate(all="ignore"):
            value = problem.value(parameters)
    except (ValueError, np.linalg.LinAlgError) as error:
        raise FitError(f"{error}; use larger blocks, or fewer components") from error
    if not math.isfinite(value):
        raise FitError(f"the {problem.objective} became {value}; use larger blocks, or fewer components")
    return value


def _check_sizes(k: int, block_size: int, passes: int) -> None:
    if block_size < k:
        raise InputError(f"--block-size must be K = {k} or more, not {block_size}: a block is what a fit starts from")
    if passes < 1:
        raise InputError(f"--passes must be 1 or more, not {passes}")


def _block(problem: Problem, rows: NDArray[np.intp]) -> Block:
    """These rows, with the known constants that each of them has."""
    of_all = shared(problem.module, problem.knowns)
    of_rows = {name: value for name, value in problem.knowns.items() if name not in of_all}
    return Block(problem.X[rows], taken(problem.module, of_rows, rows))
