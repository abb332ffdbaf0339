"""Blocks, buffers and the two ways to exponentials: any size of data, rows far from all others, memory that stays."""

import tracemalloc
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from derive.errors import InputError
from derive.runtime.kernel import Kernel, em_step, featured
from derive.runtime.kernel.blocks import LARGEST, block_size, odd_multiple
from derive.runtime.kernel.sums import split
from derive.runtime.kernel.threads import run_all
from tests.catalogue.example import module


def _problem(rows: int, width: int = 2, components: int = 3, seed: int = 0) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, width)) + rng.integers(components, size=(rows, 1)) * 3
    code: Any = module("gaussian-full")
    spread = np.stack([np.eye(width) * (1 + k) for k in range(components)])
    means = np.arange(components)[:, None] * np.full(width, 3.0)
    return code, X, code.Parameters(np.arange(1, components + 1) / (components * (components + 1) / 2), means, spread)


@pytest.mark.parametrize("rows", [3, 63, 64, 65, 128, 1000])
def test_any_number_of_rows(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    code, X, start = _problem(rows)
    expected, value = code.em_step(X, start)
    found, reached = em_step(code, X, start, threads=2)
    assert reached == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-10)


def test_rows_far_from_all_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their exponentials less the offset of the others vanish: the block falls back to the largest of each row."""
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    code, X, start = _problem(640)
    X[[100, 200, 201, 300, 500, 639]] += np.array([[60.0, -80.0]])
    expected, value = code.em_step(X, start)
    for threads in (1, 4):
        found, reached = em_step(code, X, start, threads=threads, strategy="features")
        assert reached == pytest.approx(value, rel=1e-12)
        np.testing.assert_allclose(found.covariances, expected.covariances, rtol=1e-10)


def test_a_start_where_all_rows_are_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    code, X, start = _problem(640)
    X += 40
    start = start._replace(covariances=start.covariances + 20)
    expected, value = code.em_step(X, start)
    found, reached = em_step(code, X, start)
    assert reached == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-9)


def test_a_component_of_weight_zero() -> None:
    code, X, start = _problem(200)
    start = start._replace(weights=np.array([0.4, 0.6, 0.0]))
    with pytest.raises(ValueError, match="component 2 has no points"):
        em_step(code, X, start)


def test_values_that_are_no_numbers_are_never_hidden() -> None:
    code, X, start = _problem(200)
    X[17, 1] = np.nan
    with pytest.raises(InputError, match="X holds nan in row 17"):
        em_step(code, X, start)
    with pytest.raises(ValueError, match="has no points"):
        code.em_step(X, start)


def test_memory_beyond_the_data_does_not_grow() -> None:
    peaks = []
    for rows in (20_000, 400_000):
        code, X, start = _problem(rows, components=5)
        with Kernel(code, threads=2) as driver:
            tracemalloc.start()
            driver.em_step(X, start)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert max(peaks) < 16 * 2**20
    assert peaks[1] < 1.3 * peaks[0] + 2**20


def test_a_memory_map(tmp_path: Any) -> None:
    code, X, start = _problem(5000)
    np.save(tmp_path / "X.npy", X)
    expected, value = em_step(code, X, start)
    found, reached = em_step(code, np.load(tmp_path / "X.npy", mmap_mode="r"), start)
    assert reached == value
    assert (found.covariances == expected.covariances).all()


def test_sizes_of_blocks() -> None:
    assert [odd_multiple(size) for size in (1, 64, 127, 128, 191, 192, 400)] == [64, 64, 64, 64, 64, 192, 320]
    for features, components in ((6, 5), (66, 10), (2145, 32), (33_000, 16)):
        size = block_size(features, components, 8)
        assert size % 64 == 0
        assert size // 64 % 2 == 1
        assert size <= LARGEST
        assert 8 * features * size <= 32 * 2**20


def test_blocks_are_shared_out_in_order_and_whole() -> None:
    for rows, size, threads in ((1000, 64, 3), (64, 64, 4), (65, 64, 4), (5000, 192, 2)):
        shares = split(rows, size, threads)
        assert len(shares) <= threads
        places = [place for share in shares for place in share]
        assert places[0][0] == 0
        assert places[-1][1] == rows
        assert all(a[1] == b[0] for a, b in pairwise(places))


def test_an_error_in_a_thread_is_raised() -> None:
    def fails() -> int:
        raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        run_all([lambda: 1, fails, lambda: 3])
    assert run_all([lambda: 1, lambda: 2]) == [1, 2]
