"""Online EM over data in memory: near the maximum of EM, the same for equal seeds, refused where it must be."""

from typing import Any

import numpy as np
import pytest

from derive.datasets import load_faithful
from derive.errors import FitError, InputError
from derive.runtime.em import fit
from derive.runtime.passes import fit_online
from tests.runtime.fakes import FULL, SPHERICAL, Fake
from tests.runtime.streams import STREAMED_EXPONENTIAL as RATES
from tests.runtime.streams import STREAMED_SPHERICAL as BALLS


def test_passes_come_near_to_the_maximum() -> None:
    X = load_faithful()
    whole = fit(SPHERICAL, X, 2)
    result = fit_online(BALLS, X, 2, block_size=40, passes=60, tol=1e-5)
    assert result.log_likelihood == pytest.approx(whole.log_likelihood, abs=0.05)
    assert result.bic == pytest.approx(whole.bic, abs=0.1)
    assert result.log_likelihood == pytest.approx(SPHERICAL.log_likelihood(X, result.parameters), rel=1e-13)
    assert result.converged
    assert result.iterations < 60
    assert len(result.history) == result.iterations + 1
    assert abs(result.history[-1] - result.history[-2]) < 1e-5 * 272


def test_more_passes_are_said_to_be_needed() -> None:
    result = fit_online(BALLS, load_faithful(), 2, block_size=40, passes=2)
    assert (result.iterations, result.converged, result.limited_by) == (2, False, "--passes")


def test_equal_seeds_give_equal_fits() -> None:
    runs = [fit_online(BALLS, load_faithful(), 2, block_size=50, passes=3, seed=seed) for seed in (4, 4, 5)]
    assert runs[0].history == runs[1].history
    assert runs[0].history != runs[2].history


def test_each_pass_is_told() -> None:
    told: list[tuple[int, int, float]] = []
    result = fit_online(BALLS, load_faithful(), 2, passes=3, on_iteration=lambda *what: told.append(what))
    assert told == [(0, i, value) for i, value in enumerate(result.history)][1:]


def test_known_constants_of_rows_go_with_them() -> None:
    rng = np.random.default_rng(3)
    exposures, x = rng.uniform(0.5, 2, size=300), np.concatenate([rng.exponential(1, 150), rng.exponential(30, 150)])

    class Exposed:
        """The exponential mixture of exposures times data, where each row knows its exposure."""

        MODEL, KNOWNS = "exposed", {"exposures": ("N",)}

        def __getattr__(self, name: str) -> Any:
            return getattr(RATES, name)

        def statistics(self, block: Any, parameters: Any, *, exposures: Any) -> Any:
            return RATES.statistics(block * exposures, parameters)

        def log_joint(self, X: Any, parameters: Any, *, exposures: Any) -> Any:
            return RATES.log_joint(X * exposures, parameters) + np.log(exposures)[:, None]

        def e_step(self, X: Any, parameters: Any, *, exposures: Any) -> Any:
            return RATES.e_step(X * exposures, parameters)

        def m_step(self, X: Any, responsibilities: Any, previous: Any = None, *, exposures: Any) -> Any:
            return RATES.m_step(X * exposures, responsibilities)

        def log_likelihood(self, X: Any, parameters: Any, *, exposures: Any) -> float:
            return float(RATES.log_likelihood(X * exposures, parameters) + np.log(exposures).sum())

        def em_step(self, X: Any, parameters: Any, *, exposures: Any) -> Any:
            value = self.log_likelihood(X, parameters, exposures=exposures)
            return RATES.em_step(X * exposures, parameters)[0], value

    exposed: Any = Exposed()
    result = fit_online(exposed, x, 2, block_size=70, passes=40, knowns={"exposures": exposures})
    whole = fit(exposed, x, 2, knowns={"exposures": exposures})
    assert result.log_likelihood == pytest.approx(whole.log_likelihood, abs=0.1)


def test_a_collapse_is_no_result() -> None:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(80, 2)), np.full((40, 2), 9.0)])
    with pytest.raises(FitError, match="collapsed"):
        fit_online(BALLS, X, 2, block_size=60)


_BAD: dict[str, tuple[Fake, dict[str, Any], str]] = {
    "no statistics": (FULL, {}, "full has no sufficient statistics, so it cannot be fitted online"),
    "no rows a block": (BALLS, {"block_size": 0}, "--block-size must be K = 2 or more, not 0"),
    "few rows a block": (BALLS, {"block_size": 1}, "--block-size must be K = 2 or more, not 1"),
    "no passes": (BALLS, {"passes": 0}, "--passes must be 1 or more, not 0"),
    "tol": (BALLS, {"tol": -1}, "--tol must be"),
}


@pytest.mark.parametrize("case", _BAD)
def test_what_cannot_be_done_is_refused(case: str) -> None:
    module, options, message = _BAD[case]
    with pytest.raises(InputError, match=message):
        fit_online(module, load_faithful(), 2, **options)
