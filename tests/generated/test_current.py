"""The committed files are those that the catalogue generates now, whatever the hash seed; and drift is noticed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derive.emission import files
from tests.generated.loading import FOLDER, file_name
from tests.generated.problems import NAMES

RENDER = "import json; from derive.emission.files import render_all; print(json.dumps(render_all()))"


def _committed(texts: dict[str, str]) -> dict[str, str]:
    """The committed files; the package marker counts only where it is generated too."""
    paths = [path for path in FOLDER.glob("*.py") if path.name != "__init__.py" or path.name in texts]
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_committed_files_are_current(seed: str) -> None:
    command = [sys.executable, "-c", RENDER]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    root = FOLDER.parent
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    texts = json.loads(done.stdout)
    committed = _committed(texts)
    assert sorted(committed) == sorted(texts)
    for name, text in texts.items():
        assert committed[name] == text, f"{name} is stale: run `derive generate`"
    assert {file_name(name) for name in NAMES} <= set(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the generated folder that a test may spoil."""
    copy = tmp_path / "generated"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_nothing_to_report_where_all_is_current(folder: Path) -> None:
    assert list(files.compare(folder)) == []


@pytest.mark.parametrize("drift", ["missing", "left over", "one character", "a newline more", "other line ends"])
def test_drift_is_noticed(folder: Path, drift: str) -> None:
    path = folder / file_name("gaussian-tied")
    text = path.read_text(encoding="utf-8")
    if drift == "missing":
        path.unlink()
    elif drift == "left over":
        path = folder / "gaussian_forgotten.py"
        path.write_text(text, encoding="utf-8")
    elif drift == "one character":
        path.write_text(text.replace("(", "( ", 1), encoding="utf-8")
    elif drift == "a newline more":
        path.write_text(text + "\n", encoding="utf-8")
    else:
        path.write_bytes(text.replace("\n", "\r\n").encode())
    differences = list(files.compare(folder))
    assert len(differences) == 1
    assert path.name in str(differences[0])
