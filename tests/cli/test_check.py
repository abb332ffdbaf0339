"""`derive check`: exit codes, every format on the terminal and in a file, and what hints give away."""

import json
from pathlib import Path

import pytest

from derive.cli import main

RIGHT = r"""With $N_k = \sum_n \gamma_{nk}$,
$$\mu_k = \frac{1}{N_k} \sum_n \gamma_{nk} x_n$$
"""
WRONG = RIGHT.replace(r"\frac{1}{N_k}", r"\frac{1}{N}")
FORMATS = {"terminal": "first wrong row", "json": '"first_wrong": 2', "html": "<html", "gradescope": '"tests"'}


@pytest.fixture
def catalogue() -> None:
    """The real catalogue, in the place of the fakes."""


@pytest.mark.usefixtures("catalogue")
class TestCheck:
    @pytest.mark.parametrize(
        ("text", "code"), [(RIGHT, 0), (WRONG, 1), ("Nothing here.", 2), ("$$\\frac{1}{$$", 2)], ids=range(4)
    )
    def test_exit_codes(self, text: str, code: int, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text(text)
        assert main(["check", str(tmp_path / "a.md")]) == code

    @pytest.mark.parametrize("name", FORMATS)
    def test_formats(self, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.md").write_text(WRONG)
        call = ["check", str(tmp_path / "a.md"), "--format", name]
        assert main(call) == 1
        assert FORMATS[name] in capsys.readouterr().out
        assert main([*call, "-o", str(tmp_path / "out")]) == 1
        assert capsys.readouterr().out == ""
        assert FORMATS[name] in (tmp_path / "out").read_text()

    def test_hints_give_away_what_is_asked(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.md").write_text(WRONG)
        said = {}
        for level in ("none", "where", "why", "solution"):
            main(["check", str(tmp_path / "a.md"), "--hints", level])
            said[level] = capsys.readouterr().out
        assert ["number of all samples" in text for text in said.values()] == [False, False, True, True]
        assert ["where: Look at N" in text for text in said.values()] == [False, True, True, True]
        assert ["solution:" in text for text in said.values()] == [False, False, False, True]

    def test_json_says_all_that_is_promised(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.md").write_text(WRONG)
        main(["check", str(tmp_path / "a.md"), "--format", "json"])
        content = json.loads(capsys.readouterr().out)
        assert (content["model"], content["coverage"], content["first_wrong"]) == ("gaussian-full", 1.0, 2)
        assert content["results"]["means"] == "wrong"
        first, second = content["rows"]
        assert (first["line"], first["verdict"], first["mistake"]) == (1, "right", None)
        assert (second["verdict"], second["relation"], second["mistake"]) == ("wrong", "=", "n-for-count")
        assert second["counterexample"]["left"] != second["counterexample"]["right"]

    def test_code_is_judged_by_another_command(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.md").write_text(RIGHT)
        assert main(["check-code", str(tmp_path / "a.md")]) == 2
        assert "derive check" in capsys.readouterr().err
