"""The log-likelihood of many rows takes no array of so many rows, and is that of all at once."""

import tracemalloc
from functools import partial

import numpy as np
import pytest

import derive
from derive.runtime.kernel import likelihood
from derive.runtime.kernel.likelihood import log_likelihood
from tests.catalogue.example import module


@pytest.mark.parametrize("rows", [1, 64, 65, 331])
def test_blocks_are_summed(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likelihood, "VALUES", 192)
    rng = np.random.default_rng(0)
    code = derive.load("gaussian-full").weights("frequency").module()
    X, counts = rng.normal(size=(rows, 3)), rng.integers(1, 5, size=rows).astype(float)
    start = code.Parameters(np.array([0.3, 0.7]), rng.normal(size=(2, 3)), np.stack([np.eye(3), 2 * np.eye(3)]))
    knowns = dict.fromkeys(code.KNOWNS, counts)
    found = log_likelihood(code, X, start, knowns, 2)
    assert found == pytest.approx(code.log_likelihood(X, start, **knowns), rel=1e-13)


def test_a_fit_of_many_rows_takes_little_room() -> None:
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=200_000) - 3, rng.normal(size=200_000) + 3])
    code = module("gaussian-1d")
    parameters = code.Parameters(np.full(9, 1 / 9), np.linspace(-4, 4, 9), np.ones(9))
    peaks = []
    for compute in (partial(log_likelihood, code, X, parameters, {}, 9), partial(code.log_likelihood, X, parameters)):
        tracemalloc.start()
        try:
            compute()
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[0] < 16 * 2**20 < peaks[1]
