"""`derive new`: a file that verifies as it is, never in the place of another."""

from pathlib import Path

import pytest

from derive.cli import main
from derive.em import derive_em
from derive.models.load import load_model
from tests.em.densities import Case
from tests.em.interpret import check_derivation
from tests.em.test_catalogue import density


@pytest.fixture
def catalogue() -> None:
    """The real catalogue, in the place of the fakes."""


@pytest.mark.usefixtures("catalogue")
class TestNew:
    def test_the_file_verifies_as_it_is(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "my model.py"
        assert main(["new", "my-own", "-o", str(path)]) == 0
        assert main(["verify", str(path)]) == 0
        assert "my-own: all" in capsys.readouterr().out
        assert f"derive verify '{path}'" in path.read_text()
        model = load_model(str(path))
        case = Case(model, lambda values: density("gaussian-1d", values))
        assert check_derivation(case, derive_em(model)) == []

    def test_the_name_gives_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert main(["new", "two-words"]) == 0
        assert load_model("two_words.py").name == "two-words"

    def test_nothing_is_overwritten(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "own.py"
        path.write_text("precious = True\n")
        assert main(["new", "own", "-o", str(path)]) == 2
        assert "not overwritten" in capsys.readouterr().err
        assert path.read_text() == "precious = True\n"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("My Model", "'my-model'?"),
            ("", "cannot name a model"),
            ("../x", "cannot name a model"),
            ("a--b", "'a-b'?"),
            ('x"""', "cannot name a model"),
            ("x" * 99, "60 at most"),
            ("gaussian-1d", "names a model of the catalogue"),
            ("lambda", "a word of Python"),
        ],
    )
    def test_bad_names_are_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
    ) -> None:
        assert main(["new", "-o", str(tmp_path / "own.py"), "--", name]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
        assert not list(tmp_path.iterdir())

    def test_other_files_than_python_are_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for name in ("own.json", "own", "none/own.py"):
            assert main(["new", "own", "-o", str(tmp_path / name)]) == 2
            assert capsys.readouterr().err.count("\n") == 1
        assert not list(tmp_path.iterdir())
