"""What surrounds the commands: help, exit codes, broken pipes, and a light start."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from derive.cli import main, options
from derive.runtime import initialisation
from derive.runtime import options as runtime_options
from tests.cli.conftest import Run

_ROOT = Path(__file__).parents[2]


def _derive(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), **variables}
    command = [sys.executable, "-m", "derive", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def test_help_names_every_command(run: Run) -> None:
    outcome = run("--help")
    assert outcome.code == 0
    for command in ("models", "show", "generate", "notebook", "verify", "fit", "predict"):
        assert f"  {command} " in outcome.out
        assert run(command, "--help").code == 0


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from derive.cli import main; main(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    roots = {name.partition(".")[0] for name in result.stderr.split()}
    assert not roots & {"numpy", "scipy", "sympy", "flint", "jinja2", "nbformat", "matplotlib", "rich"}


def test_the_defaults_are_those_of_the_runtime() -> None:
    assert (options.TOL, options.MAX_ITER, options.N_INIT) == (
        runtime_options.TOL,
        runtime_options.MAX_ITER,
        runtime_options.N_INIT,
    )
    assert options.INIT == initialisation.INITS[0] == runtime_options.Options().init


def test_usage_errors_are_one_line_with_a_hint(run: Run) -> None:
    outcome = run("fit")
    assert outcome.code == 2
    assert outcome.error.endswith("see: derive fit --help")
    assert run("--nonsense").code == 2


def test_no_arguments_is_a_question_for_help(run: Run) -> None:
    outcome = run()
    assert outcome.code == 2
    assert "Usage: derive" in outcome.out
    assert outcome.err == ""


def test_version(run: Run) -> None:
    outcome = run("--version")
    assert outcome.code == 0
    assert outcome.out.startswith("derive ")


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 2, "not enough memory"),
        (OSError(28, "No space left on device", "x.json"), 2, "x.json: no space left on device"),
        (ZeroDivisionError("first\nsecond"), 2, "internal error (ZeroDivisionError: first second)"),
        (RecursionError(), 2, "internal error (RecursionError)"),
    ],
)
def test_whatever_is_raised_becomes_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, message: str
) -> None:
    def fail() -> None:
        raise raised

    monkeypatch.delenv("DERIVE_TRACEBACK", raising=False)
    monkeypatch.setattr("derive.api.catalogue", fail)
    outcome = run("models")
    assert outcome.code == code
    assert message in outcome.error


def test_the_traceback_is_there_for_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("derive.api.catalogue", fail)
    monkeypatch.setenv("DERIVE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["models"])


def test_bad_input_from_outside_the_process(tmp_path: Path) -> None:
    result = _derive("fit", str(tmp_path / "none.csv"), "--model", "gaussian-full", "-k", "0")
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr == b"derive: error: -k must be 1 or more, not 0\n"


def test_a_warning_is_one_line_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(100, 3)) + np.where(np.arange(100) % 3 > 0, 0.0, 9.0)[:, None]
    X[:, 2] = X[:, 0] + 1e-6 * X[:, 2]
    np.savetxt(tmp_path / "data.csv", X, delimiter=",", header="a,b,c", comments="")
    result = _derive("fit", "--model", "gaussian-full", str(tmp_path / "data.csv"), "-k", "2")
    assert result.returncode == 0
    assert result.stderr.startswith(b"derive: warning: covariances[")
    assert result.stderr.count(b"\n") == 1


def test_a_reader_that_stops_is_no_error() -> None:
    command = f"{sys.executable} -m derive --help | true; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=True)
    assert result.stdout == "0\n"
    assert result.stderr == ""


def test_a_terminal_without_greek_letters_is_no_error() -> None:
    code = "from derive.cli.main import _encode_anything; _encode_anything(); print('\\u03a3')"
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "ascii"}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert result.stdout == b"?\n"
