"""The wheel and the sdist of this tree, built once, and environments to install them into.

An environment borrows the packages that derive depends on from the interpreter that runs the tests, by a line in a .pth
file, so that nothing is fetched; derive itself is not borrowed: an editable install is found by a .pth file of its own,
and .pth files are not read in a borrowed folder.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "node_modules")


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed, run where nothing of the tree is on Python's path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    result = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and a folder outside of the tree in which its commands run."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def outside(self) -> Path:
        place = self.folder / "outside"
        place.mkdir(exist_ok=True)
        return place

    def python(self, code: str) -> str:
        return run(self.programs / "python", "-c", code, cwd=self.outside)

    def derive(self, *arguments: str | Path) -> str:
        return run(self.programs / "derive", *arguments, cwd=self.outside)

    def install(self, *what: str | Path) -> None:
        python = self.programs / "python"
        options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation")
        run(sys.executable, "-m", "pip", "--python", python, "install", *options, *what, cwd=self.outside)


def make_environment(folder: Path) -> Environment:
    environment = Environment(folder)
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(environment.python(where).strip())
    borrowed = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return environment


@pytest.fixture(scope="session")
def tree_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as a fresh clone has it, free for setuptools to leave its traces in."""
    copy = tmp_path_factory.mktemp("clone") / "derive-em"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return copy


@pytest.fixture(scope="session")
def distributions(tree_copy: Path) -> dict[str, Path]:
    """The archives by kind; `build` makes the wheel out of the sdist, so that a hole in the sdist shows in both."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", cwd=tree_copy)
    (wheel,) = (tree_copy / "dist").glob("*.whl")
    (sdist,) = (tree_copy / "dist").glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="session", params=["wheel", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tree_copy: Path
) -> Iterator[Environment]:
    """An environment into which derive was installed in one of the three ways."""
    environment = make_environment(tmp_path_factory.mktemp(request.param) / "environment")
    if request.param == "editable":
        environment.install("--editable", tree_copy)
    else:
        environment.install(request.getfixturevalue("distributions")[request.param])
    yield environment
    shutil.rmtree(environment.folder)
