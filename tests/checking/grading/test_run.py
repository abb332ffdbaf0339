"""A class is judged side by side, and each hand-in costs only itself."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from derive.checking.feedback.hints import Hints
from derive.checking.grading.assignment import Assignment, read_assignment
from derive.checking.grading.graded import Expected, Graded
from derive.checking.grading.hand_ins import find_students
from derive.checking.grading.judged import State
from derive.checking.grading.run import Ways, grade
from derive.errors import InputError
from tests.checking.grading.samples import ASSIGNMENT, write

FAKE = "tests.checking.grading.fake_worker"
EXPECTED = Expected(("means", "weights"), derivation=True, functions=())
Run = Callable[..., dict[str, Graded]]


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    (tmp_path / "a.toml").write_text(ASSIGNMENT.replace("seconds = 20", "seconds = 1"))
    return read_assignment(tmp_path / "a.toml")


@pytest.fixture
def run(tmp_path: Path, assignment: Assignment) -> Run:
    def call(hints: Hints = Hints.where, **ways: bool) -> dict[str, Graded]:
        students = find_students(tmp_path / "class")
        out = tmp_path / "out"
        found = grade(students, assignment, hints, EXPECTED, out, Ways(2, module=FAKE, **ways))
        return {student.student: student for student in found}

    return call


def judged(folder: Path) -> list[str]:
    """Which files were judged so far."""
    log = folder / "log.txt"
    return sorted(log.read_text().split()) if log.exists() else []


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "out" / "table.csv").open(newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def test_each_costs_only_itself(tmp_path: Path, run: Run) -> None:
    says = ["right", "wrong", "hang", "exit", "die", "raise", "flood", "memory", "right"]
    write(tmp_path / "class", {f"{i}-{said}.md": said for i, said in enumerate(says)})
    found = run()
    states = {name.partition("-")[2] or name: student.files[0].state for name, student in found.items()}
    assert states == {
        "right": State.RIGHT, "wrong": State.WRONG, "hang": State.STOPPED, "exit": State.CRASHED, "die": State.CRASHED,
        "raise": State.CRASHED, "flood": State.CRASHED, "memory": State.CRASHED,
    }  # fmt: skip
    told = {file.partition("-")[2]: row["says"] for file, row in rows(tmp_path).items()}
    assert "not judged within 1 s" in told["hang.md"]
    assert "exit code 0" in told["exit.md"]
    assert "SIGKILL" in told["die.md"]
    assert "ValueError: a fault of two lines" in told["raise.md"]
    assert "memory" in told["memory.md"]
    assert found["8-right"].score == 8
    assert found["2-hang"].score == 0
    assert all(student.most == 10 for student in found.values())
    assert len(judged(tmp_path)) == len(says)


def test_what_is_written(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.md": "right", "bo/one.md": "wrong", "bo/deep/two.tex": "right", "bo/x.pdf": "no"})
    run()
    out = tmp_path / "out"
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert written == {
        "table.csv", "index.html",
        "pages/ada.html", "pages/bo.html", "results/ada.json", "results/bo.json",
        "gradescope/ada/results.json", "gradescope/bo/results.json",
    }  # fmt: skip
    table = rows(tmp_path)
    assert set(table) == {"ada.md", "bo/one.md", "bo/deep/two.tex"}
    assert table["bo/one.md"]["student"] == "bo"
    assert table["bo/one.md"]["first_wrong"] == "7"
    assert table["bo/one.md"]["mistakes"] == "inverse-lost"
    assert table["bo/one.md"]["student_score"] == "8.0"  # the best of both files
    scores = json.loads((out / "gradescope/ada/results.json").read_text())
    assert scores["score"] == 8
    assert [test["name"] for test in scores["tests"]] == ["Result: means", "Result: weights", "Rows"]
    assert sum(test["max_score"] for test in scores["tests"]) == 10
    index = (out / "index.html").read_text()
    assert '<a href="pages/ada.html">ada</a>' in index
    assert index.count('<img src="data:image/svg+xml;base64,') == 2
    assert "<script" not in index
    assert "8 of 10 points" in (out / "pages/ada.html").read_text()


def test_nothing_is_judged_twice(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.md": "right", "bo.md": "wrong", "eve.md": "hang"})
    first = run()
    assert judged(tmp_path) == ["ada.md", "bo.md", "eve.md"]
    again = run()
    assert len(judged(tmp_path)) == 3
    assert {name: student.score for name, student in again.items()} == {n: s.score for n, s in first.items()}
    write(tmp_path / "class", {"bo.md": "right"})
    assert run()["bo"].right
    assert judged(tmp_path) == ["ada.md", "bo.md", "bo.md", "eve.md"]
    (tmp_path / "out/pages/ada.html").unlink()
    run()
    assert judged(tmp_path).count("ada.md") == 2


def test_other_hints_another_assignment_and_force_judge_anew(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.md": "right"})
    run()
    run(Hints.none)
    assert len(judged(tmp_path)) == 2
    run(Hints.none, force=True)
    assert len(judged(tmp_path)) == 3
    run(Hints.none)
    assert len(judged(tmp_path)) == 3


def test_a_result_that_is_damaged_is_made_anew(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.md": "right"})
    run()
    kept = tmp_path / "out/results/ada.json"
    for text in ("", "{", "[]", "null", kept.read_text()[:-20], '{"student": 1}'):
        kept.write_text(text)
        assert run()["ada"].score == 8
    assert len(judged(tmp_path)) == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_goes_on(tmp_path: Path, number: int) -> None:
    files: dict[str, str | bytes] = {f"{i}.md": "right" if i < 4 else "hang" for i in range(6)}
    write(tmp_path / "class", files)
    code = (
        "from pathlib import Path\n"
        "from tests.checking.grading.test_run import *\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "assignment = read_assignment(folder / 'a.toml')\n"
        "students = find_students(folder / 'class')\n"
        "grade(students, assignment, Hints.where, EXPECTED, folder / 'out', Ways(2, module=FAKE))\n"
    )
    (tmp_path / "a.toml").write_text(ASSIGNMENT)
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    results = tmp_path / "out/results"
    while (len(judged(tmp_path)) < 6 or len(list(results.glob("*.json"))) < 4) and child.poll() is None:
        time.sleep(0.05)
    processes = set(map(int, (tmp_path / "processes.txt").read_text().split()))
    child.send_signal(number)
    assert child.wait() != 0
    while any(Path(f"/proc/{process}").exists() for process in processes):  # they end by themselves, also in a loop
        time.sleep(0.05)
    assert len(list(results.iterdir())) == 4
    assert not (tmp_path / "out/table.csv").exists()
    students = find_students(write(tmp_path / "class", {"4.md": "wrong", "5.md": "right"}))
    asked = read_assignment(tmp_path / "a.toml")
    found = grade(students, asked, Hints.where, EXPECTED, tmp_path / "out", Ways(2, module=FAKE))
    assert len(found) == 6
    assert sorted(judged(tmp_path)) == sorted([*(f"{i}.md" for i in range(6)), "4.md", "5.md"])
    assert not list((tmp_path / "out").rglob(".*"))


def test_files_that_cannot_be_judged_are_told(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.pdf": "x", "bo/bo.docx": "x", "secret.txt": "x"})
    (tmp_path / "class/eve.md").symlink_to("/etc/passwd")
    (tmp_path / "class/fifo").mkdir()
    os.mkfifo(tmp_path / "class/fifo/pipe.md")
    found = run()
    assert {name: student.files[0].state for name, student in found.items()} == dict.fromkeys(
        ["ada", "bo", "eve", "fifo", "secret"], State.UNUSABLE
    )
    assert judged(tmp_path) == []
    assert "is a link" in rows(tmp_path)["eve.md"]["says"]
    assert "root:" not in (tmp_path / "out/pages/eve.html").read_text()


def test_names_of_students_are_harmless(tmp_path: Path, run: Run) -> None:
    names = [
        "<script>alert(1)<",
        "=HYPERLINK(1)",
        "-1+1",
        "a b",
        "a_b",
        "Zoë Ω",
        os.fsdecode(b"bad\xff\xfe"),
        "x" * 200,
    ]
    write(tmp_path / "class", {f"{name}.md": "right" for name in names})
    found = run()
    assert len({student.slug for student in found.values()}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", student.slug) for student in found.values())
    index = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "<script>" not in index
    assert "&lt;script&gt;alert(1)&lt;" in index
    with (tmp_path / "out/table.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    for row in table:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    run()
    assert len(judged(tmp_path)) >= len(names)


def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "class", {"ada.md": "right"})
    write(tmp_path, {"out": "a file"})
    with pytest.raises(InputError, match="cannot create the folder"):
        run()


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    with pytest.raises(InputError, match="has no hand-ins"):
        find_students(tmp_path / "class")
    with pytest.raises(InputError, match="is no folder"):
        find_students(tmp_path / "nowhere")


def test_the_output_is_no_student(tmp_path: Path) -> None:
    write(tmp_path / "class", {"ada.md": "right", "out/pages/x.md": "right"})
    assert [student.name for student in find_students(tmp_path / "class", tmp_path / "class/out")] == ["ada"]
