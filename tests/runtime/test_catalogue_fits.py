"""Models of several kinds, fitted by their generated modules, at once and online.

Among them counts, which no small step in the data can probe, and known constants of all rows and of each row.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

import derive
from derive.errors import DeriveError
from derive.runtime.em import fit
from derive.runtime.passes import fit_online
from derive.runtime.protocol import GeneratedModule

ROWS = 600


@cache
def _module(name: str) -> GeneratedModule:
    return derive.load(name).module()


def _problem(name: str) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """Data of two clear components, and known constants."""
    rng = np.random.default_rng(17)
    second = rng.random(ROWS) < 0.4
    if name == "bernoulli":
        chance = np.where(second[:, None], [0.9, 0.8, 0.9, 0.7], [0.1, 0.2, 0.05, 0.3])
        return (rng.random((ROWS, 4)) < chance).astype(float), {}
    if name == "pareto":
        scale = np.array(2.0)
        return scale * np.exp(rng.exponential(np.where(second, 1.0, 0.05))), {"scale": scale}
    if name == "linear-regression":
        design = np.stack([np.ones(ROWS), rng.normal(size=ROWS)], axis=1)
        line = np.where(second, 1.0 + 2 * design[:, 1], -3.0 - design[:, 1])
        return line + 0.3 * rng.normal(size=ROWS), {next(iter(_module(name).KNOWNS)): design}
    return rng.normal(np.where(second[:, None], 3e4 + 4.0, 3e4), 1.0, size=(ROWS, 3)), {}


@pytest.mark.parametrize("name", ["bernoulli", "pareto", "linear-regression", "gaussian-full"])
def test_a_fit_at_once_and_online(name: str) -> None:
    module, (X, knowns) = _module(name), _problem(name)
    whole = fit(module, X, 2, knowns=knowns)
    online = fit_online(module, X, 2, knowns=knowns, block_size=60, passes=30)
    assert whole.converged
    assert online.log_likelihood <= whole.log_likelihood + 1e-6 * abs(whole.log_likelihood)
    assert (whole.log_likelihood - online.log_likelihood) / ROWS < 2e-3
    assert min(whole.parameters[0]) == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize("name", ["bernoulli", "pareto"])
def test_data_outside_of_the_support_are_refused(name: str) -> None:
    X, knowns = _problem(name)
    X = X.copy()
    X[3] = 0.5
    with pytest.raises(DeriveError, match="X"):
        fit(_module(name), X, 2, knowns=knowns)


def test_discrete_data_do_not_collapse() -> None:
    """A component on one cell of a table is no collapse: its probability is bounded."""
    X = np.array([[0.0, 0.0]] * 30 + [[1.0, 1.0]] * 10 + [[0.0, 1.0]] * 3 + [[1.0, 0.0]] * 2)
    assert fit(_module("bernoulli"), X, 2, max_iter=30).log_likelihood < 0
