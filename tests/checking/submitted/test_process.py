"""Submitted code in a process of its own: it is found, or the reason is one line; whatever it does is contained."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.checking.submitted.process import InProcess, OwnProcess
from derive.errors import InputError
from tests.checking.submitted import m_steps

FIELDS = ("weights", "means", "covariances")
FILE = str(Path(m_steps.__file__))
GIVEN = {"X": np.arange(6.0).reshape(3, 2) ** 2, "responsibilities": np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])}


def called(name: str, seconds: float = 20.0) -> tuple[dict[str, Any], dict[str, Any]]:
    with OwnProcess(f"{FILE}:{name}", FIELDS, seconds) as submission:
        return submission.call(GIVEN, FIELDS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(spec: str) -> str:
    with pytest.raises(InputError) as error, OwnProcess(spec, FIELDS):
        pass
    message = str(error.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


@pytest.mark.parametrize("name", ["right", "named_tuple", "mapping", "writes_much"])
def test_the_result_is_that_of_a_call_in_this_process(name: str) -> None:
    head, found = called(name)
    expected = m_steps.right(GIVEN["X"], GIVEN["responsibilities"])
    assert head["changed"] == []
    for field, value in zip(FIELDS, expected, strict=True):
        np.testing.assert_array_equal(found[field], value)


@pytest.mark.parametrize("name", ["right", "named_tuple", "mapping", "third_argument"])
def test_a_function_at_hand_may_take_and_return_what_is_natural_to_it(name: str) -> None:
    values = m_steps.right(GIVEN["X"], GIVEN["responsibilities"])
    previous = {f"previous {field}": value for field, value in zip(FIELDS, values, strict=True)}
    head, found = InProcess(getattr(m_steps, name)).call(GIVEN | previous, FIELDS)
    assert "fault" not in head
    for field, value in zip(FIELDS, values, strict=True):
        np.testing.assert_array_equal(found[field], value)


def test_previous_parameters_and_knowns_arrive(folder: Path) -> None:
    (folder / "mine.py").write_text(
        "def m_step(X, responsibilities, previous=None, *, exposures):\n"
        "    return exposures, previous.means, previous[2]\n"
    )
    given = GIVEN | {"known exposures": np.array([3.0])} | {f"previous {field}": np.array([1.5]) for field in FIELDS}
    with OwnProcess("mine.py:m_step", FIELDS) as submission:
        _, found = submission.call(given, FIELDS)
    assert [found[field].tolist() for field in FIELDS] == [[3.0], [1.5], [1.5]]


def test_a_module_of_the_current_folder_is_found_before_an_installed_one(folder: Path) -> None:
    (folder / "scipy.py").write_text("def update(X, responsibilities):\n    return 1.0, 2.0, 3.0\n")
    with OwnProcess("scipy:update", FIELDS) as submission:
        _, found = submission.call(GIVEN, FIELDS)
    assert found["means"] == 2.0


def test_a_package_of_the_current_folder_is_found(folder: Path) -> None:
    (folder / "peer").mkdir()
    (folder / "peer" / "em.py").write_text(
        "class Model:\n    @staticmethod\n    def m_step(X, r): return 1.0, 2.0, 3.0\n"
    )
    with OwnProcess("peer.em:Model.m_step", FIELDS) as submission:
        _, found = submission.call(GIVEN, FIELDS)
    assert found["covariances"] == 3.0


def test_a_module_alone_means_its_m_step(folder: Path) -> None:
    (folder / "mine.py").write_text("from neighbour import m_step\n")
    (folder / "neighbour.py").write_text("def m_step(X, r): return 1.0, 2.0, 3.0\n")
    with OwnProcess("mine", FIELDS) as submission:
        assert submission.call(GIVEN, FIELDS)[1]["weights"] == 1.0


def test_what_does_not_return_is_ended_and_can_be_called_again() -> None:
    with OwnProcess(f"{FILE}:endless", FIELDS, 0.3) as submission:
        for _ in range(2):
            head, found = submission.call(GIVEN, FIELDS)
            assert head == {"fault": "does not return within 0.3 s", "ended": True}
            assert found == {}


def test_an_exit_of_the_process_is_told() -> None:
    assert called("gone") == ({"fault": "ends the process (exit code 0)", "ended": True}, {})


def test_a_crash_is_told(folder: Path) -> None:
    (folder / "crash.py").write_text("import os, signal\ndef m_step(X, r): os.kill(os.getpid(), signal.SIGSEGV)\n")
    with OwnProcess("crash", FIELDS) as submission:
        assert submission.call(GIVEN, FIELDS)[0]["fault"] == "ends the process (signal SIGSEGV)"


def test_memory_is_limited() -> None:
    head, _ = called("far_too_large")
    assert "raises MemoryError" in head["fault"] or "raises _ArrayMemoryError" in head["fault"]


def test_a_forged_message_is_contained(folder: Path) -> None:
    """Code that finds the pipe and writes what it likes to it."""
    (folder / "forger.py").write_text(
        "import os\n"
        "def m_step(X, r):\n"
        "    for descriptor in range(3, 64):\n"
        "        try:\n"
        "            os.write(descriptor, b'\\xff' * 64)\n"
        "        except OSError:\n"
        "            pass\n"
        "    return 1.0, 2.0, 3.0\n"
    )
    with OwnProcess("forger", FIELDS) as submission:
        head, found = submission.call(GIVEN, FIELDS)
    assert head["ended"]
    assert found == {}


def test_processes_that_it_starts_end_with_it(folder: Path) -> None:
    (folder / "parent.py").write_text(
        "import os, time\n"
        "def m_step(X, r):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        time.sleep(600)\n"
        "        os._exit(0)\n"
        "    return float(child), 2.0, 3.0\n"
    )
    with OwnProcess("parent", FIELDS) as submission:
        _, found = submission.call(GIVEN, FIELDS)
        child = int(found["weights"])
        os.kill(child, 0)
    for _ in range(200):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the child still runs")


@pytest.mark.parametrize(
    ("content", "spec", "words"),
    [
        ("", "absent_module:f", "there is no module 'absent_module'"),
        ("", "absent.py:f", "the file absent.py does not exist"),
        ("", "mine:f", "mine has no 'f'"),
        ("def estimate(X, r): ...\n", "mine:estimat", "did you mean 'estimate'?"),
        ("x = 5\n", "mine:x", "no function, but of type int"),
        ("import absent_module\n", "mine:f", "cannot be imported: ModuleNotFoundError"),
        ("1 / 0\n", "mine.py:f", "ZeroDivisionError: division by zero (mine.py, line 1)"),
        ("def f(:\n", "mine.py:f", "SyntaxError"),
        ("raise BaseException\n", "mine:f", "cannot be imported: BaseException"),
        ("import sys; sys.exit()\n", "mine:f", "cannot be imported: SystemExit"),
        ("import os; os._exit(3)\n", "mine:f", "ends the process when it is imported (exit code 3)"),
        ("", "mine/x:f", "no name of a module"),
        ("", ":f", "names no function"),
        ("", "mine:", "names no function"),
        ("", "", "names no function"),
        ("", "mine.py:f\0", "has no"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_one_line(folder: Path, content: str, spec: str, words: str) -> None:
    (folder / "mine.py").write_text(content)
    assert words in refused(spec)


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(InputError, match="is no function"):
        InProcess(m_steps.NOT_A_FUNCTION)  # type: ignore[arg-type]
