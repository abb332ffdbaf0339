"""What lies in the wheel and in the sdist."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT

pytestmark = pytest.mark.xdist_group("packaging")  # one worker builds, once

FOLDERS = {"derive": "derive", "generated": "derive/generated", "templates": "derive/templates"}


def files_of_the_tree() -> set[str]:
    """Where each file of the three shipped folders must lie in the wheel."""
    return {
        f"{target}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, target in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_three_folders_and_nothing_else(distributions: dict[str, Path]) -> None:
    with zipfile.ZipFile(distributions["wheel"]) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(names) == sorted(files_of_the_tree())


def test_the_wheel_states_licence_version_and_command(distributions: dict[str, Path]) -> None:
    with zipfile.ZipFile(distributions["wheel"]) as archive:
        information = {name.split("/", 1)[1]: name for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(information["METADATA"]).decode()
        commands = archive.read(information["entry_points.txt"]).decode()
        assert "licenses/LICENSE" in information
    assert "Name: derive-em\n" in metadata
    assert "License-Expression: BSD-3-Clause\n" in metadata
    assert "Requires-Dist: sympy<1.15,>=1.14\n" in metadata
    assert "derive = derive.cli:main" in commands


def test_the_sdist_holds_what_is_needed_to_test_and_to_build(distributions: dict[str, Path]) -> None:
    with tarfile.open(distributions["sdist"]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    tests = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    top = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "pyproject.toml"}
    assert top | tests <= names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
