"""Where the parts of the project lie, and their source as syntax trees."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DERIVE = ROOT / "derive"
GENERATED = ROOT / "generated"
TEMPLATES = ROOT / "templates"
TESTS = ROOT / "tests"


def settings() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def python_files(*folders: Path) -> list[Path]:
    """Every Python file under the folders, sorted, caches left out."""
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def relative(path: Path) -> str:
    """The path from the project's top, with forward slashes, as messages and rules name it."""
    return path.relative_to(ROOT).as_posix()


def sources(*folders: Path) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of every Python file under the folders."""
    for path in python_files(*folders):
        yield relative(path), ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def catalogue_names() -> frozenset[str]:
    """The models' names in kebab case, read off the files of the catalogue and of generated/."""
    folders = (DERIVE / "models" / "catalogue", GENERATED)
    stems = {path.stem for folder in folders for path in folder.glob("*.py")}
    return frozenset(stem.replace("_", "-") for stem in stems if not stem.startswith("_"))
