"""A fit is the same whatever holds the rows, in memory that does not grow with them."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zarr

from derive.errors import FitError, InputError
from derive.runtime import spread
from derive.runtime.em import fit
from derive.runtime.load import load_generated
from derive.runtime.online import online_em
from derive.runtime.passes import fit_online
from derive.runtime.protocol import GeneratedModule
from derive.runtime.sources import Block, as_source
from derive.runtime.sources.walk import Walk

FULL = load_generated("gaussian-full")
ROWS = 1_103


class Blocks:
    """Blocks of 97 rows, which can be walked again and again."""

    def __init__(self, X: np.ndarray) -> None:
        self.X = X

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.X[start : start + 97] for start in range(0, len(self.X), 97))


def draw(rows: int = ROWS, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    sizes = rng.multinomial(rows, [0.2, 0.8])
    X = np.concatenate([rng.normal(0, 1, (sizes[0], 3)), rng.normal([4, 2, 3], [2, 1, 3], (sizes[1], 3))])
    return np.asarray(rng.permutation(X))


def stored(kind: str, X: np.ndarray, folder: Path) -> Any:
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    if kind in {"memmap", "npy"}:
        np.save(folder / "x.npy", X)
        return np.load(folder / "x.npy", mmap_mode="r") if kind == "memmap" else folder / "x.npy"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pandas(frame), folder / "x.parquet", row_group_size=210)
        return folder / "x.parquet"
    if kind == "folder":
        (folder / "set").mkdir()
        for i, start in enumerate(range(0, len(X), 400)):
            part = pa.Table.from_pandas(frame[start : start + 400])
            pq.write_table(part.select(["c", "a", "b"] if i else ["a", "b", "c"]), folder / "set" / f"{i}.parquet")
        return folder / "set"
    if kind in {"zarr", "zarr file"}:
        array = zarr.create_array(store=str(folder / "x.zarr"), data=X, chunks=(100, 2))
        return array if kind == "zarr" else str(folder / "x.zarr")
    return {"pandas": frame, "polars": pl.DataFrame(dict(frame)), "blocks": Blocks(X)}[kind]


KINDS = ("memmap", "npy", "parquet", "folder", "zarr", "zarr file", "pandas", "polars", "blocks")


@pytest.mark.parametrize("kind", KINDS)
def test_the_fit_is_that_of_the_array(kind: str, tmp_path: Path) -> None:
    X = draw()
    expected = fit(FULL, X, 2, n_init=1, tol=1e-5)
    source = as_source(stored(kind, X, tmp_path))
    assert source.width == 3
    assert source.rows in {None, ROWS}
    result = fit(FULL, Walk(FULL, source, 2, size=100), 2, n_init=1, tol=1e-5)
    assert result.iterations == expected.iterations
    assert result.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-13)
    assert result.bic == pytest.approx(expected.bic, rel=1e-13)
    for value, other in zip(result.parameters, expected.parameters, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_parts_are_the_rows_in_order(kind: str, tmp_path: Path) -> None:
    X = draw()
    source = as_source(stored(kind, X, tmp_path))
    if kind == "blocks":
        with pytest.raises(InputError, match="cannot be shared out"):
            source.parts(3)
        return
    parts = source.parts(3)
    assert len(parts) == 3
    blocks = [block for part in parts for block in part.blocks([2, 0], 50)]
    assert max(map(len, blocks)) == 50
    np.testing.assert_array_equal(np.concatenate(blocks), X[:, [2, 0]])


def test_a_sample_starts_what_all_rows_end(monkeypatch: pytest.MonkeyPatch) -> None:
    X = draw(9_001)
    whole = fit(FULL, X, 2, n_init=1, tol=1e-9)
    monkeypatch.setattr(spread, "_SAMPLE", 211)
    monkeypatch.setattr(spread, "_ROWS_A_COMPONENT", 1)
    result = fit(FULL, Blocks(X), 2, n_init=1, tol=1e-9)
    assert result.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-3)
    assert sorted(result.parameters.weights) == pytest.approx(sorted(whole.parameters.weights), abs=1e-4)
    again = fit(FULL, Blocks(X), 2, n_init=1, tol=1e-9)
    assert again.history == result.history  # bit for bit


def test_a_small_component_is_not_lost_because_the_sample_misses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    X = np.concatenate([rng.normal(0, 1, 20_000), rng.normal(5_000, 1, 13)])
    module = load_generated("gaussian-1d")
    monkeypatch.setattr(spread, "_SAMPLE", 400)
    monkeypatch.setattr(spread, "_ROWS_A_COMPONENT", 1)
    start = spread.spread(_local(module, X), 1)
    assert start.X.max() < 100  # the sample has none of them
    lost = module.Parameters(np.array([0.999, 0.001]), np.array([0.0, 5_000.0]), np.array([1.0, 1.0]))
    nobody = np.full((len(start.X), 2), 0.5)
    assert start.trouble(lost, None, nobody) is None
    point = lost._replace(variances=np.array([1.0, 1e-300]), means=np.array([0.0, X[20_004]]))
    reason = start.trouble(point, lost, nobody)
    assert reason is not None
    assert "component 1 collapsed on one point (row 20005)" in reason


def test_a_component_without_points_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "_SAMPLE", 5)
    monkeypatch.setattr(spread, "_ROWS_A_COMPONENT", 1)
    X = np.repeat([0.0, 1.0, 2.0], 50)
    with pytest.raises((FitError, InputError), match=r"component \d|sample|cannot describe"):
        fit(load_generated("gaussian-1d"), Blocks(X), 3)


def _local(module: GeneratedModule, X: np.ndarray) -> Any:
    from derive.runtime.engine import Local

    return Local(Walk(module, as_source(Blocks(X)), 2))


def test_known_constants_of_rows_go_with_their_rows() -> None:
    rng = np.random.default_rng(5)
    design = np.column_stack([np.ones(700), rng.normal(size=700)])
    slopes = np.array([[1.0, 2.0], [-3.0, 5.0]])
    y = np.einsum("np,np->n", design, slopes[rng.integers(0, 2, 700)]) + rng.normal(size=700)
    module = load_generated("linear-regression")
    (name,) = module.KNOWNS
    expected = fit(module, y, 2, n_init=1, knowns={name: design})
    as_array = fit(module, Walk(module, as_source(y), 2, knowns={name: design}, size=64), 2, n_init=1)
    table = np.column_stack([design[:, 1], y, design[:, 0]])
    columns: dict[str, Any] = {"columns": [1], "of_rows": {name: [2, 0]}}
    as_columns = fit(module, Walk(module, as_source(table), 2, size=64, **columns), 2, n_init=1)
    for result in (as_array, as_columns):
        assert result.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)
        assert result.n_parameters == expected.n_parameters
    with pytest.raises(InputError, match="700"):
        fit(module, Walk(module, as_source(y[:600]), 2, knowns={name: design}), 2)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for rows in (60_000, 240_000):
        path = tmp_path / f"{rows}.npy"
        np.save(path, draw(rows).astype(np.float64))
        walk = Walk(FULL, as_source(path), 2, size=4_096)
        fit(FULL, walk, 2, n_init=1, max_iter=1, tol=1e-3)
        tracemalloc.start()
        fit(FULL, walk, 2, n_init=1, max_iter=2, tol=1e-3)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
    assert peaks[1] < 240_000 * 3 * 8 * 1.5


def test_what_cannot_be_walked_twice_is_pointed_to_online_em() -> None:
    X = draw()
    with pytest.raises(InputError, match=r"walked only once.*online"):
        fit(FULL, (X[i : i + 50] for i in range(0, ROWS, 50)), 2)
    states = list(online_em(FULL, (X[i : i + 50] for i in range(0, ROWS, 50)), 2))
    assert states[-1].rows == ROWS
    states = list(online_em(FULL, (Block(block) for block in Blocks(X)), 2))
    assert states[-1].rows == ROWS


def test_a_model_without_statistics_needs_an_array(tmp_path: Path) -> None:
    module = load_generated("weibull")
    x = np.random.default_rng(0).weibull(2, 300)
    with pytest.raises(
        InputError, match=r"weibull has no sufficient statistics, so it cannot be fitted block by block"
    ):
        fit(module, Blocks(x), 1)
    np.save(tmp_path / "x.npy", x)
    held = fit(module, np.load(tmp_path / "x.npy", mmap_mode="r"), 1, n_init=1)
    assert held.history == fit(module, x, 1, n_init=1).history


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "hard"}, "soft mode"),
        ({"labels": [0] * ROWS}, "labels cannot be used"),
        ({"groups": [0] * ROWS}, "groups cannot be used"),
    ],
)
def test_what_needs_all_rows_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(FULL, Blocks(draw()), 2, **options)


def test_bad_values_are_placed(tmp_path: Path) -> None:
    X = draw()
    X[1_001, 2] = np.nan
    for data in (Blocks(X), pd.DataFrame(X, columns=["a", "b", "c"])):
        with pytest.raises(InputError, match="1 value is not finite"):
            fit(FULL, data, 2)
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    with pytest.raises(InputError, match="column 'b' holds"):
        fit(FULL, frame, 1)
    frame.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="column 'b' holds"):
        fit(FULL, tmp_path / "t.parquet", 1)
    with pytest.raises(InputError, match="collect it first"):
        fit(FULL, pl.DataFrame({"a": [1.0]}).lazy(), 1)
    (tmp_path / "no.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(InputError, match="damaged or no Parquet"):
        fit(FULL, tmp_path / "no.parquet", 1)
    (tmp_path / "none.zarr").mkdir()
    with pytest.raises(InputError, match="no Zarr array"):
        fit(FULL, tmp_path / "none.zarr", 1)


def test_without_its_package_a_source_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = stored("parquet", draw(), tmp_path)
    for package in ("pyarrow", "narwhals", "zarr"):
        monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(InputError, match=r"pip install 'derive-em\[parquet\]'"):
        as_source(path)
    with pytest.raises(InputError, match=r"pip install 'derive-em\[frames\]'"):
        fit(FULL, pl.DataFrame({"a": [1.0, 2.0]}), 1)


class Shrinking:
    """Gives fewer rows each time."""

    rows = 700

    def __iter__(self) -> Iterator[np.ndarray]:
        self.rows -= 100
        return iter([draw(self.rows)])


def test_walks_that_differ_are_noticed() -> None:
    with pytest.raises(InputError, match=r"gave \d00 rows at first, and now gives \d00"):
        fit(FULL, Shrinking(), 2, n_init=1)


def test_online_passes_over_a_source() -> None:
    X = draw(2_003)
    whole = fit(FULL, X, 2)
    for data in (Blocks(X), Walk(FULL, as_source(X), 2)):
        told: list[int] = []
        result = fit_online(
            FULL,
            data,
            2,
            block_size=250,
            passes=30,
            tol=1e-5,
            on_iteration=lambda *what, told=told: told.append(what[1]),
        )
        assert result.log_likelihood == pytest.approx(whole.log_likelihood, rel=2e-3)
        assert result.log_likelihood == pytest.approx(FULL.log_likelihood(X, result.parameters), rel=1e-12)
        assert told == list(range(1, result.iterations + 1))
    assert list(online_em(FULL, Walk(FULL, as_source(X), 2, size=100), 2))[-1].rows == 2_003
