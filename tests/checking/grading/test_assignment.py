"""What a class is asked."""

from pathlib import Path

import pytest

from derive.checking.feedback.hints import Hints
from derive.checking.grading.assignment import Assignment, read_assignment
from derive.checking.grading.expected import expected_of
from derive.checking.grading.hand_ins import Kind, find_students
from derive.checking.grading.job import Job
from derive.errors import InputError
from tests.checking.grading.samples import ASSIGNMENT, write


def read(folder: Path, text: str | bytes) -> Assignment:
    return read_assignment(write(folder, {"a.toml": text}) / "a.toml")


def test_what_stands_there_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, ASSIGNMENT)
    assert (found.title, found.model, found.hints, found.seconds) == (
        "EM for the mixture", "gaussian-full", Hints.where, 20,
    )  # fmt: skip
    assert found.results == ("means", "weights")
    assert found.functions is None
    assert [found.points.of_result(name) for name in ("means", "weights", "covariances")] == [3, 2, 0]
    assert found.points.rows == 5


def test_all_of_it_has_a_default(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    assert (found.model, found.hints, found.results, found.points.of_result("means")) == ("", Hints.why, None, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel = 'x'", "titel: there is no such key; there are asked, functions"),
        ("title = 3", "title: text is needed, not 3"),
        ("title = ' '", "title: text is needed"),
        ("hints = 'all'", "hints: 'all' is none of none, where, why, solution"),
        ("points = 3", r"points: a table \[points\] is needed, not 3"),
        ("[points]\nrow = 3", "points.row: there is no such key"),
        ("[points]\nrows = -1", "points.rows: a number of at least 0 is needed, not -1"),
        ("[points]\nrows = true", "points.rows: a number"),
        ("[points]\nrows = nan", "points.rows: a number"),
        ("[points]\nrows = inf", "points.rows: a number"),
        ("[points]\nresults = 'two'", "points.results: a number"),
        ("[points.results]\nmeans = 'two'", "points.results.means: a number"),
        ("[asked]\nresults = 'means'", "asked.results: a list of names is needed"),
        ("[asked]\nresults = [1]", "asked.results: a list of names is needed"),
        ("[asked]\nresults = ['a', 'a']", "asked.results: 'a' stands there twice"),
        ("[limits]\nseconds = 0", "limits.seconds: a number of at least 1"),
        ("[functions]\nm_step = 3", r"functions.m_step: a table \[functions.m_step\] is needed"),
        ("title = ", "no TOML"),
        (b"title = '\xff'", "not UTF-8"),
        ("a = " + "[" * 5000, "no TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, text)
    assert "a.toml" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*none.toml: no such file"):
        read_assignment(tmp_path / "none.toml")


def test_a_model_stands_beside_its_assignment_and_counts(tmp_path: Path) -> None:
    write(tmp_path, {"own.py": "first"})
    one = read(tmp_path, "model = 'own.py:model'")
    assert one.model == f"{tmp_path}/own.py:model"
    write(tmp_path, {"own.py": "second"})
    assert read(tmp_path, "model = 'own.py:model'").digest != one.digest


def test_an_assignment_reaches_the_process_as_it_is(tmp_path: Path) -> None:
    job = Job("p", "n", Kind.CODE, "row", read(tmp_path, ASSIGNMENT), Hints.none, trust_code=True)
    assert Job.of(job.plain()) == job


def test_results_are_those_of_the_model(tmp_path: Path) -> None:
    students = find_students(write(tmp_path / "class", {"ada.md": "x"}))
    found = expected_of(read(tmp_path, "model = 'gaussian-1d'"), students)
    assert {"means", "variances", "weights"} <= set(found.results)
    with pytest.raises(InputError, match=r"asked\.results: the model has no result 'covariances'; it has "):
        expected_of(read(tmp_path, "model = 'gaussian-1d'\n[asked]\nresults = ['covariances']"), students)
    with pytest.raises(InputError, match=r"no model is named|not a model|unknown"):
        expected_of(read(tmp_path, "model = 'gauss'"), students)


def test_a_class_of_programs_is_asked_no_derivation(tmp_path: Path) -> None:
    students = find_students(write(tmp_path / "class", {"ada.py": "x"}))
    assert not expected_of(read(tmp_path, "[asked]\nfunctions = ['m_step']"), students).derivation
    assert expected_of(read(tmp_path, "[asked]\nresults = ['means']"), students).derivation
