"""What a kernel cannot use is said in one line that names it."""

from typing import Any

import numpy as np
import pytest

import derive
from derive.errors import InputError
from derive.runtime.kernel import Kernel, em_step
from tests.catalogue.example import module

X = np.random.default_rng(0).normal(size=(40, 2))
FULL: Any = module("gaussian-full")
START = FULL.Parameters(np.array([0.3, 0.7]), np.array([[0.0, 0.0], [1.0, 1.0]]), np.stack([np.eye(2)] * 2))


def _refused(message: str, code: Any, data: Any, parameters: Any, **options: Any) -> None:
    with pytest.raises(InputError, match=message):
        em_step(code, data, parameters, **options)


def test_what_is_no_module() -> None:
    _refused(r"not the name 'gaussian-full': derive.load\('gaussian-full'\).module\(\)", "gaussian-full", X, START)
    _refused("a generated module is needed, not a value of type int", 3, X, START)


@pytest.mark.parametrize("threads", ["a", 0, 1.5, True])
def test_threads(threads: Any) -> None:
    with pytest.raises(InputError, match="threads must be a whole number of 1 or more"):
        Kernel(FULL, threads=threads)


def test_parameters_of_another_kind() -> None:
    _refused(r"Parameters\(weights, means, covariances\), not tuple", FULL, X, tuple(START))
    other = module("gaussian-1d").Parameters(*START)
    _refused(r"not Parameters\(weights, means, variances\)", FULL, X, other)
    three = START._replace(weights=np.ones(3))
    _refused(r"parameter 'means' should have shape \(K, D\) with K = 3, but has \(2, 2\)", FULL, X, three)


def test_a_width_that_does_not_fit() -> None:
    _refused(r"'means' should have shape \(K, D\) with D = 3, but has \(2, 2\)", FULL, np.ones((40, 3)), START)
    with pytest.raises(ValueError, match=r"X has shape \(40,\)"):
        em_step(FULL, X[:, 0], START)


def test_known_constants() -> None:
    _refused("gaussian-full has no known constant 'a'; it has none", FULL, X, START, knowns={"a": X})
    code: Any = module("poisson")
    counts, start = np.arange(8.0), code.Parameters(np.array([0.5, 0.5]), np.array([1.0, 4.0]))
    _refused(
        r"needs its known constant 'exposures': knowns=\{'exposures': an array of shape \(N,\)\}", code, counts, start
    )
    for short in (np.ones(7), np.float64(1.0)):
        _refused("known constant 'exposures' should have shape", code, counts, start, knowns={"exposures": short})


@pytest.mark.parametrize("strategy", ["auto", "features", "whitened", "centred"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_row_that_is_not_finite_is_named(strategy: str, value: float) -> None:
    data = X.copy()
    data[17, 1] = value
    _refused(f"X holds {value} in row 17, counted from 0", FULL, data, START, strategy=strategy)


def test_a_weight_below_zero_is_named() -> None:
    code: Any = derive.load("gaussian-full").weights("frequency").module()
    name = next(iter(code.KNOWNS))
    weights = np.ones(len(X))
    weights[5] = -400.0
    _refused(f"known constant '{name}' is -400.0 in row 5", code, X, START._replace(), knowns={name: weights})


def test_a_component_without_points_is_still_what_it_is() -> None:
    with pytest.raises(ValueError, match="component 1 has no points"):
        em_step(FULL, X, START._replace(weights=np.array([1.0, 0.0])))
