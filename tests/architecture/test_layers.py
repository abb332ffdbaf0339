"""import-linter's contracts hold, and a sideways import breaks them."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.skipif(find_spec("importlinter") is None, reason="import-linter is not installed")

RUN = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, "--no-cache", "--no-logo", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources, free to be broken; `-c` puts the working folder first on the path."""
    shutil.copytree(tree.DERIVE, tmp_path / "derive", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold() -> None:
    result = lint_imports(tree.ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("language", "import derive.em"),
        ("proof", "import derive.models"),
        ("emission", "import derive.rendering"),
        ("runtime", "import derive.solve"),
        ("runtime", "import sympy"),
        ("runtime", "import jinja2"),
        ("datasets", "import derive.language"),
    ],
)
def test_a_planted_import_is_caught(copy: Path, room: str, statement: str) -> None:
    (copy / "derive" / room / "planted.py").write_text(f'"""Planted."""\n\n{statement}\n', encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert f"derive.{room}.planted" in result.stdout


def test_an_unlisted_room_is_caught(copy: Path) -> None:
    (copy / "derive" / "attic").mkdir()
    (copy / "derive" / "attic" / "__init__.py").write_text('"""Planted."""\n', encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert "attic" in result.stdout + result.stderr
