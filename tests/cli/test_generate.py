"""`generate`: where it writes, and what `--check` finds."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

_NAMES = ["exponential.py", "full.py", "shifted.py", "spherical.py"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_catalogue_goes_into_generated(run: Run, folder: Path) -> None:
    assert run("generate").code == 0
    assert _tree(folder) == [f"generated/{name}" for name in _NAMES]
    assert run("generate", "--check").code == 0


def test_output_is_a_folder_or_a_file(run: Run, folder: Path) -> None:
    assert run("generate", "full", "-o", "new/deep").code == 0
    assert run("generate", "full", "-o", "one.py").code == 0
    assert run("generate", "full", "shifted", "-o", "two").code == 0
    assert run("generate", "mine.py", "-o", "new").code == 0
    assert _tree(folder) == ["new/deep/full.py", "new/shifted.py", "one.py", "two/full.py", "two/shifted.py"]
    assert (folder / "one.py").read_text() == (folder / "two/full.py").read_text()


def test_one_file_for_several_models_is_refused(run: Run, folder: Path) -> None:
    assert "2 models would go into it" in run("generate", "full", "shifted", "-o", "one.py").error
    assert "the whole catalogue would go into it" in run("generate", "-o", "one.py").error
    assert "two of the models are named 'shifted'" in run("generate", "shifted", "mine.py", "-o", "two").error
    (folder / "file").write_text("")
    assert run("generate", "-o", "file").code == 2
    assert "cannot create the folder" in run("generate", "-o", "file/below").error
    assert _tree(folder) == ["file"]


def test_check_finds_stale_missing_and_left_over(run: Run, folder: Path) -> None:
    run("generate", "-o", "out")
    (folder / "out/full.py").write_text('"""Module of fool."""\n')
    (folder / "out/shifted.py").unlink()
    (folder / "out/old.py").write_text("x = 1\n")
    (folder / "out/__init__.py").write_text("")
    (folder / "out/notes.txt").write_text("")
    before = _tree(folder)
    outcome = run("generate", "--check", "-o", "out")
    assert outcome.code == 1
    assert '-"""Module of fool."""\n+"""Module of full."""\n' in outcome.out
    assert '--- /dev/null\n+++ b/out/shifted.py\n@@ -0,0 +1 @@\n+"""Module of shifted."""\n' in outcome.out
    assert "--- a/out/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n" in outcome.out
    assert "out/full.py is stale, out/old.py is left over, out/shifted.py is missing" in outcome.err
    assert "run: derive generate -o out" in outcome.err
    assert _tree(folder) == before


def test_check_sees_line_ends_and_a_missing_last_newline(run: Run, folder: Path) -> None:
    run("generate", "full", "-o", "one.py")
    text = (folder / "one.py").read_bytes()
    for changed in (text.replace(b"\n", b"\r\n"), text.rstrip(b"\n"), b"", b"\xff"):
        (folder / "one.py").write_bytes(changed)
        outcome = run("generate", "full", "--check", "-o", "one.py")
        assert outcome.code == 1
        assert outcome.out.startswith("--- a/one.py\n+++ b/one.py\n")


def test_check_of_single_models_leaves_the_others_alone(run: Run, folder: Path) -> None:
    run("generate", "-o", "out")
    (folder / "out/old.py").write_text("x = 1\n")
    assert run("generate", "full", "shifted", "--check", "-o", "out").code == 0
    assert run("generate", "--check", "-o", "out").code == 1
    assert run("generate", "--check", "-o", "nowhere").code == 1
