"""`models`, `show`, `notebook`, `verify`: what reaches the terminal and the files."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_models_are_a_line_each(run: Run) -> None:
    lines = run("models").out.splitlines()
    assert [line.split()[0] for line in lines] == ["exponential", "shifted", "full", "spherical"]
    assert all("a mixture" in line for line in lines)


@pytest.mark.parametrize("document", ["terminal", "markdown", "latex", "html", "json"])
def test_show_in_each_format(run: Run, tmp_path: Path, document: str) -> None:
    outcome = run("show", "full", "--format", document)
    assert outcome.out == f"full as {document}: \N{GREEK CAPITAL LETTER SIGMA}\n"
    target = tmp_path / "file"
    assert run("show", "full", "--format", document, "-o", target).out == ""
    assert target.read_text(encoding="utf-8") == outcome.out


@pytest.mark.parametrize(
    ("name", "document"),
    [("a.md", "markdown"), ("a.tex", "latex"), ("a.html", "html"), ("a.json", "json"), ("a", "terminal")],
)
def test_the_suffix_chooses_where_no_format_is_given(run: Run, tmp_path: Path, name: str, document: str) -> None:
    run("show", "full", "-o", tmp_path / name)
    assert f"full as {document}" in (tmp_path / name).read_text(encoding="utf-8")
    run("show", "full", "-o", tmp_path / name, "--format", "latex")
    assert "full as latex" in (tmp_path / name).read_text(encoding="utf-8")


def test_notebook_goes_into_its_file(run: Run, tmp_path: Path) -> None:
    assert run("notebook", "full", "-o", tmp_path / "n.ipynb").code == 0
    assert json.loads((tmp_path / "n.ipynb").read_text()) == {}


def test_verify_passes_and_fails(run: Run) -> None:
    good, bad = run("verify", "full"), run("verify", "broken")
    assert (good.code, bad.code) == (0, 1)
    assert "all 2 checks passed" in good.out
    assert "FAIL" in bad.out
    assert "1 of 2 checks failed" in bad.out


def test_verify_as_json(run: Run) -> None:
    outcome = run("verify", "broken", "--format", "json")
    assert outcome.code == 1
    assert json.loads(outcome.out) == {
        "model": "full",
        "passed": False,
        "checks": [
            {"name": "steps", "passed": True, "detail": "12 certified"},
            {"name": "maximum", "passed": False, "detail": "second differential"},
        ],
    }
