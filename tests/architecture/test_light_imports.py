"""What must stay light to import does not load the heavy packages: sys.modules of another process tells."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("flint", "jinja2", "matplotlib", "nbformat", "sympy")
COMMAND_LINE = ("rich", "typer")
HELP = """
from derive.cli import main
sys.argv = ["derive", "--help"]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""
RUNTIME = """
import importlib, pkgutil, derive.runtime
for module in pkgutil.walk_packages(derive.runtime.__path__, "derive.runtime."):
    if module.name != "derive.runtime.plot" and not module.name.startswith("derive.runtime.estimator"):
        importlib.import_module(module.name)
"""


def loaded(code: str, packages: tuple[str, ...], folder: Path) -> list[str]:
    """Which of the packages are in sys.modules after the code ran in a new interpreter, started outside of the tree."""
    script = f"import sys\n{code}\nprint('loaded:', *(name for name in {packages!r} if name in sys.modules))"
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()[-1].split()[1:]


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        pytest.param("import derive.generated.gaussian_full", (*HEAVY, *COMMAND_LINE), id="generated"),
        pytest.param("import derive", (*HEAVY, *COMMAND_LINE, "numpy", "scipy"), id="derive"),
        pytest.param(RUNTIME, (*HEAVY, *COMMAND_LINE), id="runtime"),
        pytest.param(HELP, (*HEAVY, "numpy", "scipy"), id="help"),
    ],
)
def test_heavy_packages_are_not_loaded(code: str, packages: tuple[str, ...], tmp_path: Path) -> None:
    assert loaded(code, packages, tmp_path) == []


def test_a_loaded_package_is_noticed(tmp_path: Path) -> None:
    assert "sympy" in loaded("import sympy", HEAVY, tmp_path)
