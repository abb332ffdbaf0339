"""Components that no sample belongs to, and data without samples: refused as the module's own functions refuse them."""

from typing import Any

import numpy as np
import pytest

from derive.runtime.kernel import Kernel, em_step
from tests.catalogue.example import module


def _far(distance: float, dtype: Any) -> tuple[Any, Any]:
    """Samples about zero, and a second component that is so many standard deviations away."""
    X = np.random.default_rng(0).normal(size=(400, 2)).astype(dtype)
    means = np.array([[0.0, 0.0], [distance, 0.0]])
    return X, module("gaussian-full").Parameters(np.full(2, 0.5), means, np.stack([np.eye(2)] * 2))


@pytest.mark.parametrize("strategy", ["auto", "features", "whitened", "centred"])
@pytest.mark.parametrize(("distance", "dtype"), [(60.0, np.float64), (300.0, np.float64), (30.0, np.float32)])
def test_a_component_far_from_all_samples_has_none_of_them(distance: float, dtype: Any, strategy: str) -> None:
    X, start = _far(distance, dtype)
    with pytest.raises(ValueError, match="component 1 has no points"):
        em_step(module("gaussian-full"), X, start, strategy=strategy)


@pytest.mark.parametrize("strategy", ["auto", "features", "whitened"])
@pytest.mark.parametrize(("distance", "dtype"), [(35.0, np.float64), (11.0, np.float32), (13.5, np.float32)])
def test_one_that_has_next_to_nothing_is_where_its_samples_are(distance: float, dtype: Any, strategy: str) -> None:
    X, start = _far(distance, dtype)
    joint = module("gaussian-full").log_joint(X.astype(float), start)
    shares = np.exp(joint[:, 1] - np.logaddexp(*joint.T))
    found, _ = em_step(module("gaussian-full"), X, start, strategy=strategy)
    np.testing.assert_allclose(found.means[1], shares @ X / shares.sum(), rtol=1e-9 if dtype is np.float64 else 1e-3)


@pytest.mark.parametrize("name", ["gaussian-full", "gaussian-tied", "poisson"])
@pytest.mark.parametrize("strategy", ["auto", "features", "centred"])
def test_no_samples_at_all(name: str, strategy: str) -> None:
    code = module(name)
    X = np.arange(6.0) if name == "poisson" else np.random.default_rng(0).normal(size=(6, 2))
    knowns = {"exposures": np.ones(6)} if name == "poisson" else {}
    start = code.m_step(X, np.full((6, 2), 0.5), **knowns)
    none = {key: value[:0] for key, value in knowns.items()}
    statistics = Kernel(code, strategy=strategy).statistics(X[:0], start, knowns=none)
    assert not statistics.counts.any()
    assert statistics.log_likelihood == 0
    with pytest.raises(ValueError, match="has no points"):
        em_step(code, X[:0], start, knowns=none, strategy=strategy)
