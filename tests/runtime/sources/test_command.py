"""`derive fit` on files that are read in blocks: the same numbers as from a table that is held."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import zarr

from derive.cli import main, streams


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(0, 1, (150, 2)), rng.normal(5, 2, (270, 2))])
    return pd.DataFrame(rng.permutation(X), columns=["left", "right"])


def stored(kind: str, folder: Path) -> Path:
    path = folder / f"x.{kind}"
    table = frame()
    if kind == "npy":
        np.save(path, table.to_numpy())
    elif kind == "zarr":
        zarr.create_array(store=str(path), data=table.to_numpy(), chunks=(100, 2))
    elif kind == "parquet":
        table.to_parquet(path, row_group_size=100)
    else:
        table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("kind", ["npy", "parquet", "zarr"])
@pytest.mark.parametrize("stream", [(), ("--stream",)])
def test_the_fit_is_that_of_the_table(
    kind: str, stream: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options: tuple[Any, ...] = ("--model", "gaussian-full", "-k", 2, "--n-init", 2)
    code, out, err = call(capsys, "fit", stored("csv", tmp_path), *options, "--format", "json")
    assert code == 0, err
    expected = json.loads(out)
    path = stored(kind, tmp_path)
    code, out, err = call(capsys, "fit", path, *options, *stream, "--format", "json")
    assert code == 0, err
    found = json.loads(out)
    assert found["iterations"] == expected["iterations"]
    assert found["log_likelihood"] == pytest.approx(expected["log_likelihood"], rel=1e-12)
    assert found["bic"] == pytest.approx(expected["bic"], rel=1e-12)
    code, out, err = call(capsys, "fit", path, *options, *stream)
    assert code == 0, err
    assert "(N = 420, D = 2)" in out
    assert ("right" in out) == (kind == "parquet")


def test_large_files_are_walked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LARGE", 1000)
    walked: list[Path] = []
    of = streams.Stream.of

    def noted(*given: Any) -> streams.Stream:
        walked.append(given[1])
        return of(*given)

    monkeypatch.setattr(streams.Stream, "of", noted)
    path = stored("npy", tmp_path)
    assert call(capsys, "fit", path, "--model", "gaussian-full", "-k", 2, "--n-init", 1)[0] == 0
    assert walked == [path]
    assert call(capsys, "fit", path, "--model", "gaussian-full", "-k", 2, "--n-init", 1, "--mode", "hard")[0] == 0
    assert call(capsys, "fit", path, "--model", "gumbel", "-k", 1, "--n-init", 1, "--columns", "2")[0] == 0
    assert walked == [path]  # what needs all rows holds them


def test_columns_and_known_constants_of_a_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = frame().assign(one=1.0)
    table.to_parquet(tmp_path / "t.parquet")
    table.to_csv(tmp_path / "t.csv", index=False)
    options = ("--model", "linear-regression", "-k", 2, "--n-init", 1, "--format", "json", "--columns", "right")
    found = []
    for name, more in (("t.csv", ()), ("t.parquet", ("--stream",))):
        known = ("--known", f"{_known()}=one,left")
        code, out, err = call(capsys, "fit", tmp_path / name, *options, *known, *more)
        assert code == 0, err
        found.append(json.loads(out))
    assert found[0]["log_likelihood"] == pytest.approx(found[1]["log_likelihood"], rel=1e-11)
    assert found[0]["n_parameters"] == found[1]["n_parameters"]


def _known() -> str:
    from derive.runtime.load import load_generated

    return next(iter(load_generated("linear-regression").KNOWNS))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("x.csv", (), "cannot be read block by block; --stream needs NPY, Parquet or Zarr"),
        ("x.npy", ("--mode", "hard"), "--mode hard cannot be used with --stream"),
        ("x.npy", ("--labels", "1"), "--labels cannot be used with --stream"),
        ("x.npy", ("--columns", "3"), "has no column 3"),
        ("no.npy", (), "no such file"),
    ],
)
def test_what_cannot_be_streamed_is_refused(
    name: str, options: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not name.startswith("no"):
        stored(name[2:], tmp_path)
    code, _, err = call(capsys, "fit", tmp_path / name, "--model", "gaussian-full", "-k", 2, "--stream", *options)
    assert code == 2
    assert message in err


def test_a_checkpoint_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, kept = stored("npy", tmp_path), tmp_path / "kept.json"
    options = ("fit", path, "--model", "gaussian-full", "-k", 2, "--checkpoint", kept, "--format", "json")
    first = call(capsys, *options)
    assert first[0] == 0
    assert kept.exists()
    assert call(capsys, *options) == first
    code, _, err = call(capsys, *options, "--seed", 3)
    assert code == 2
    assert "checkpoint of another fit (options differ)" in err
    code, _, err = call(capsys, *options, "--online")
    assert code == 2
    assert "--checkpoint cannot be used with --online" in err
