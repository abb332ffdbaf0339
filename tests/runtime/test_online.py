"""Online EM: against EM on all rows, against the recursion written out, and on streams that cannot be used."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from derive.errors import FitError, InputError
from derive.runtime.em import fit
from derive.runtime.online import Steps, mixed, online_em, scaled
from derive.runtime.sources.block import Block
from tests.runtime.fakes import EXPONENTIAL, SHIFTED
from tests.runtime.streams import STREAMED_EXPONENTIAL as RATES
from tests.runtime.streams import STREAMED_SPHERICAL as BALLS

Array = np.ndarray[Any, Any]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(31)


def _rows(rng: np.random.Generator, count: int) -> Array:
    return rng.exponential(np.where(rng.random(count) < 0.3, 1.0, 40.0))


def _balls(rng: np.random.Generator, count: int) -> Array:
    centres = np.array([[0.0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]])
    return np.asarray(centres[rng.integers(0, 4, size=count)] + rng.normal(size=(count, 3)))


def test_one_step_on_all_rows_is_an_iteration_of_em(rng: np.random.Generator) -> None:
    for module, X, k in ((RATES, _rows(rng, 70), 2), (BALLS, _balls(rng, 90), 4)):
        start = fit(module, X, k, max_iter=2, n_init=1).parameters
        (state,) = online_em(module, [X], k, start=start)
        for found, expected in zip(state.parameters, module.em_step(X, start)[0], strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert (state.rows, state.steps) == (len(X), 1)


def test_the_recursion_is_that_of_the_source(rng: np.random.Generator) -> None:
    """Written out with arrays: the average of a row's statistics, and the rates from it."""
    blocks = [_rows(rng, size) for size in (9, 30, 1, 17, 25)]
    start = RATES.Parameters(np.array([0.4, 0.6]), np.array([1.0, 0.1]))
    states = list(online_em(RATES, blocks, 2, start=start, steps=Steps(power=0.6, delay=1.5)))
    parameters, average = start, np.zeros((2, 2))
    for t, block in enumerate(blocks):
        gamma = RATES.e_step(block, parameters)
        own = np.stack([gamma.mean(axis=0), block @ gamma / len(block)])
        rho = 1.0 if t == 0 else (t + 1.5) ** -0.6
        average = (1 - rho) * average + rho * own
        parameters = RATES.Parameters(average[0], average[0] / average[1])
        np.testing.assert_allclose(states[t].parameters.weights, parameters.weights, rtol=1e-12)
        np.testing.assert_allclose(states[t].parameters.rates, parameters.rates, rtol=1e-12)
    assert [state.rows for state in states] == [9, 39, 40, 57, 82]


def test_a_long_stream_ends_where_em_on_all_of_it_does(rng: np.random.Generator) -> None:
    X = _balls(rng, 6000)
    held = []

    def stream() -> Iterator[Array]:
        for first in range(0, len(X), 60):
            held.append(first)
            yield X[first : first + 60]

    *_, last = online_em(BALLS, stream(), 4)
    assert len(held) == last.steps == 100
    whole = fit(BALLS, X, 4)
    found = BALLS.log_likelihood(X, last.parameters)
    assert (whole.log_likelihood - found) / len(X) < 5e-3


def test_statistics_scale_whatever_their_form(rng: np.random.Generator) -> None:
    """Three times the rows, and 1 - 2/3 of them, for sums as for means and scatters."""
    X = _balls(rng, 40)
    start = fit(BALLS, X, 4, n_init=1).parameters
    once = BALLS.statistics(X, start)
    for found, expected in zip(scaled(BALLS, once, 3, {}), BALLS.statistics(np.tile(X, (3, 1)), start), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11)
    for found, expected in zip(mixed(BALLS, once, once, 2 / 3, {}), once, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_stream_may_be_endless(rng: np.random.Generator) -> None:
    def endless() -> Iterator[Array]:
        while True:
            yield _rows(rng, 50)

    states = online_em(RATES, endless(), 2)
    assert [next(states).steps for _ in range(5)] == [1, 2, 3, 4, 5]


def test_a_prior_is_weighed_against_the_rows_seen(rng: np.random.Generator) -> None:
    told: list[float] = []

    class Listening(type(RATES)):  # type: ignore[misc]
        def update(self, statistics: Any, previous: Any = None) -> Any:
            told.append(float(statistics.rows))
            return super().update(statistics, previous)

    module = Listening(**{name: getattr(RATES, name) for name in RATES.__dataclass_fields__})
    blocks = [_rows(rng, 30), _rows(rng, 10), _rows(rng, 20)]
    start = RATES.Parameters(np.array([0.4, 0.6]), np.array([1.0, 0.1]))
    list(online_em(module, blocks, 2, start=start))
    list(online_em(module, blocks * 2, 2, start=start, total=60))
    np.testing.assert_allclose(told, [30, 40, 60, 30, 40, 60, 60, 60, 60])


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([], "X holds no blocks"),
        ([np.ones((4, 2))], "X, block 1 has 2 columns"),
        ([np.arange(1.0, 9), np.array([1.0, np.nan])], "X, block 2: 1 value is not finite"),
        ([np.arange(1.0, 9), np.zeros(0)], "X, block 2 is empty"),
        ([np.arange(1.0, 2)], "K = 2 components for N = 1 rows"),
        ([Block(np.arange(1.0, 9), {"shift": np.array(1.0)})], "no known constant 'shift'"),
    ],
)
def test_blocks_that_cannot_be_used(blocks: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(online_em(RATES, blocks, 2))


@pytest.mark.parametrize(
    "data", ["x.npy", Path("x.npy"), pd.DataFrame({"a": [1.0, 2.0]})], ids=["text", "path", "frame"]
)
def test_files_and_frames_are_no_blocks(data: Any) -> None:
    with pytest.raises(InputError, match=r"an iterable of arrays, not of type \w+: fit_online takes files and frames"):
        next(online_em(RATES, data, 2))


def test_blocks_of_different_widths(rng: np.random.Generator) -> None:
    X = _balls(rng, 60)
    with pytest.raises(InputError, match="X, block 2 has 2 columns, the blocks before it have 3"):
        list(online_em(BALLS, [X, X[:, :2]], 4))


def test_a_component_that_loses_its_points(rng: np.random.Generator) -> None:
    start = RATES.Parameters(np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    with (
        np.errstate(divide="ignore"),
        pytest.raises(FitError, match="X, block 1: component 0 has no points; use larger"),
    ):
        list(online_em(RATES, [_rows(rng, 30)], 2, start=start))


@pytest.mark.parametrize("module", [EXPONENTIAL, SHIFTED])
def test_a_model_without_statistics_is_refused(module: Any) -> None:
    with pytest.raises(InputError, match=f"{module.MODEL} has no sufficient statistics"):
        next(online_em(module, [np.arange(1.0, 9)], 2))


@pytest.mark.parametrize(("power", "delay"), [(0.5, 1), (1.01, 1), (math.nan, 1), (0.7, -1), (0.7, math.inf)])
def test_bad_step_sizes(power: float, delay: float) -> None:
    with pytest.raises(InputError, match="of the step sizes must be"):
        Steps(power, delay)
