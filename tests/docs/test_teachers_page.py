"""The guide for teachers: its assignment is the one in the folder, and its command runs there."""

import re
import shutil
from pathlib import Path

import pytest

from derive.cli import main

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "teachers.md").read_text(encoding="utf-8")


def test_the_assignment_is_that_of_the_folder() -> None:
    (shown,) = re.findall(r"<!-- file: assignment.toml -->\n```toml\n(.*?)```", PAGE, re.DOTALL)
    assert shown == (DOCS / "coursework" / "assignment.toml").read_text(encoding="utf-8")


def test_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "coursework"
    shutil.copytree(DOCS / "coursework", folder)
    for program in folder.rglob("*.py"):  # what isolation there is differs between machines
        program.unlink()
    monkeypatch.chdir(folder)
    (command,) = re.findall(r"<!-- run -->\n```\nderive (.*?)\n```", PAGE)
    assert main(command.split()) == 1
    assert "ben" in capsys.readouterr().out
    for student in ("ada", "ben", "cleo", "eve"):
        assert (folder / "graded" / "pages" / f"{student}.html").is_file()
