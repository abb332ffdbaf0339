"""A fit that is killed goes on from its checkpoint, and ends as if nothing had happened."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.errors import InputError
from derive.runtime import checkpoint as runtime_checkpoint
from derive.runtime.em import FitResult, fit
from derive.runtime.load import load_generated
from tests.runtime.tampering import change

FULL = load_generated("gaussian-full")
OPTIONS: dict[str, Any] = {"n_init": 3, "tol": 1e-8, "seed": 4}

CHILD = """
import os, signal, sys
from pathlib import Path
from derive.runtime import checkpoint
from derive.runtime.em import fit
from derive.runtime.load import load_generated

data, kept, at, when = sys.argv[1:]
calls, write = 0, checkpoint.Checkpoint.write

def counted(self):
    global calls
    calls += 1
    if calls == int(at) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    if calls == int(at) and when == "inside":
        Path(str(self.path) + ".part").write_text('{"form')
        os.kill(os.getpid(), signal.SIGKILL)
    write(self)
    if calls == int(at) and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)

checkpoint.Checkpoint.write = counted
fit(load_generated("gaussian-full"), Path(data), 2, n_init=3, tol=1e-8, seed=4, checkpoint=Path(kept))
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(6)
    X = np.concatenate([rng.normal(0, 1, (300, 2)), rng.normal([3, 2], [2, 1], (500, 2))])
    file = tmp_path_factory.mktemp("data") / "x.npy"
    np.save(file, rng.permutation(X))
    return file


@pytest.fixture(scope="module")
def whole(path: Path) -> FitResult:
    return fit(FULL, path, 2, **OPTIONS)


def same(a: FitResult, b: FitResult) -> bool:
    values = zip(a.parameters, b.parameters, strict=True)
    return a.history == b.history and all(np.array_equal(x, y) for x, y in values)


@pytest.mark.parametrize(("at", "when"), [(1, "before"), (1, "after"), (7, "inside"), (23, "after"), (41, "before")])
def test_a_kill_at_any_moment_changes_nothing(path: Path, whole: FitResult, tmp_path: Path, at: int, when: str) -> None:
    kept = tmp_path / "kept.json"
    child = subprocess.run([sys.executable, "-c", CHILD, path, kept, str(at), when], check=False)
    assert child.returncode == -signal.SIGKILL
    assert kept.exists() == ((at, when) != (1, "before"))
    told: list[int] = []
    resumed = fit(FULL, path, 2, checkpoint=kept, on_iteration=lambda *what: told.append(what[1]), **OPTIONS)
    assert same(resumed, whole)
    if at > 20:
        full: list[int] = []
        fit(FULL, path, 2, on_iteration=lambda *what: full.append(what[1]), **OPTIONS)
        assert len(told) < len(full) - 15  # what was kept is not computed again
    assert same(fit(FULL, path, 2, checkpoint=kept, **OPTIONS), whole)  # and what is done is done
    assert list(tmp_path.iterdir()) == [kept]


def test_arrays_in_memory_and_hard_mode_are_kept_too(path: Path, tmp_path: Path) -> None:
    X = np.load(path).astype(np.float32)
    for mode in ("soft", "hard"):
        kept = tmp_path / f"{mode}.json"
        first = fit(FULL, X, 2, mode=mode, checkpoint=kept, **OPTIONS)
        content = json.loads(kept.read_text())
        assert len(content["done"]) == 3
        content["done"].pop()
        kept.write_text(json.dumps(content))
        again = fit(FULL, X, 2, mode=mode, checkpoint=kept, **OPTIONS)
        assert same(first, again)
        assert again.parameters.means.dtype == np.float32


class CutShortError(Exception):
    """A fit that ends in the middle."""


def _cut_short(at: int) -> Callable[..., None]:
    calls: list[object] = []

    def told(*what: object) -> None:
        calls.append(what)
        if len(calls) == at:
            raise CutShortError

    return told


@pytest.mark.parametrize("at", [1, 9, 17, 26])
def test_a_schedule_of_temperatures_goes_on_where_it_was(path: Path, tmp_path: Path, at: int) -> None:
    X = np.load(path)[:301]
    options: dict[str, Any] = {
        "mode": "annealed",
        "temperatures": (4.0, 2.0, 1.0),
        "n_init": 2,
        "max_iter": 8,
        "tol": 1e-9,
    }
    kept, told = tmp_path / "kept.json", []
    whole = fit(FULL, X, 2, **options)
    with pytest.raises(CutShortError):
        fit(FULL, X, 2, checkpoint=kept, on_iteration=_cut_short(at), **options)
    resumed = fit(FULL, X, 2, checkpoint=kept, on_iteration=lambda *what: told.append(what), **options)
    assert same(resumed, whole)
    assert resumed.iterations == whole.iterations
    assert len(told) <= 2 * 3 * 9 - at + 1
    content = json.loads(kept.read_text())
    content["current"] = {"stage": 7, "earlier": 0, "history": ["0x0p0"]}
    content["current"] |= dict.fromkeys(("parameters", "following"), content["done"][0]["parameters"])
    content["done"] = []
    kept.write_text(json.dumps(content))
    with pytest.raises(InputError, match="is no checkpoint"):
        fit(FULL, X, 2, checkpoint=kept, **options)


@pytest.mark.parametrize("name", ["gaussian-full", "gaussian-tied"])
@pytest.mark.parametrize("at", [2, 11])
def test_arrays_in_memory_go_on_bit_for_bit(path: Path, tmp_path: Path, name: str, at: int) -> None:
    """What a fit keeps between iterations, it finds again."""
    X, module, kept = np.load(path)[:301] + 7, load_generated(name), tmp_path / "kept.json"
    options: dict[str, Any] = {"n_init": 1, "max_iter": 20, "tol": 1e-12, "init": "random"}
    with pytest.raises(CutShortError):
        fit(module, X, 3, checkpoint=kept, on_iteration=_cut_short(at), **options)
    assert same(fit(module, X, 3, checkpoint=kept, **options), fit(module, X, 3, **options))


def test_given_starts_are_part_of_what_is_kept(path: Path, tmp_path: Path) -> None:
    X, kept = np.load(path)[:301], tmp_path / "kept.json"
    rng = np.random.default_rng(3)
    starts = [rng.dirichlet([1.0, 2.0], size=len(X)) for _ in range(2)]
    starts = [starts[0], FULL.m_step(X, starts[1])]
    whole = fit(FULL, X, 2, starts=starts, max_iter=12)
    with pytest.raises(CutShortError):
        fit(FULL, X, 2, starts=starts, checkpoint=kept, on_iteration=_cut_short(16), max_iter=12)
    with pytest.raises(InputError, match=r"another fit \(starts differ\)"):
        fit(FULL, X, 2, starts=starts[::-1], checkpoint=kept, max_iter=12)
    assert same(fit(FULL, X, 2, starts=iter(starts), checkpoint=kept, max_iter=12), whole)


def test_a_checkpoint_of_another_fit_is_refused(path: Path, tmp_path: Path) -> None:
    kept, X = tmp_path / "kept.json", np.load(path)
    fit(FULL, X, 2, checkpoint=kept, **OPTIONS)
    other = X.copy()
    other[17, 1] = np.nextafter(other[17, 1], 9)
    for arguments, options, what in (
        ((load_generated("gaussian-tied"), X, 2), OPTIONS, "model"),
        ((FULL, other, 2), OPTIONS, "data"),
        ((FULL, X, 3), OPTIONS, "number of components"),
        ((FULL, X, 2), OPTIONS | {"seed": 5}, "options"),
        ((FULL, path, 2), OPTIONS, "way of reading the data"),
    ):
        before = kept.read_bytes()
        with pytest.raises(InputError, match=rf"checkpoint of another fit \([^)]*{what}[^)]*differ\)"):
            fit(*arguments, checkpoint=kept, **options)
        assert kept.read_bytes() == before


@pytest.mark.parametrize("content", ["", "x", "[]", '{"format": "derive checkpoint 2"}', '{"done": 3}', "\x00\xff"])
def test_a_file_that_is_no_checkpoint_is_refused(path: Path, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(content)
    with pytest.raises(InputError, match=r"no checkpoint of a fit"):
        fit(FULL, path, 2, checkpoint=kept, **OPTIONS)
    assert kept.read_text() == content


def test_what_cannot_be_written_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        fit(FULL, path, 2, checkpoint=tmp_path / "none" / "kept.json")
    assert runtime_checkpoint.digest_of(FULL) != runtime_checkpoint.digest_of(load_generated("gaussian-tied"))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("identity",), "abc"),
        (("identity",), 3),
        (("done",), [3]),
        (("done", 0, "history"), []),
        (("done", 0, "history"), ["0x1p+99999"]),
        (("done", 0, "parameters", "means", "shape"), [4]),
        (("done", 0, "parameters", "means", "data"), "AA"),
        (("done", 0, "parameters", "means", "dtype"), "O"),
        (("done", 0, "parameters"), {}),
        (("current",), {}),
    ],
)
def test_a_checkpoint_that_was_changed_is_refused(
    path: Path, tmp_path: Path, place: tuple[Any, ...], value: Any
) -> None:
    kept = tmp_path / "kept.json"
    fit(FULL, path, 2, checkpoint=kept, **OPTIONS)
    change(kept, place, value)
    with pytest.raises(InputError, match=r"kept.json is no checkpoint of a fit"):
        fit(FULL, path, 2, checkpoint=kept, **OPTIONS)


def test_nesting_without_end_is_no_checkpoint(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text("[" * 200_000)
    with pytest.raises(InputError, match=r"no checkpoint of a fit"):
        fit(FULL, path, 2, checkpoint=kept, **OPTIONS)


def test_a_full_disk_leaves_the_last_checkpoint_and_no_half_of_another(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    kept = tmp_path / "kept.json"
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        fit(FULL, path, 2, checkpoint=kept, **OPTIONS)
    assert not list(tmp_path.iterdir())
