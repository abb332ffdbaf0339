"""A generated file stands alone, reads well, and says which numbered equation each statement computes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derive import api
from tests.generated import source
from tests.generated.loading import FOLDER, file_name
from tests.generated.problems import NAMES

USE = """
import importlib.util, sys
import numpy as np
specification = importlib.util.spec_from_file_location("copied", sys.argv[1])
code = importlib.util.module_from_spec(specification)
specification.loader.exec_module(code)
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 1 if code.EVENT_SHAPE == () else 2))
parameters = code.m_step(X, rng.dirichlet([1, 2, 3], size=30))
first = code.log_likelihood(X, parameters)
for _ in range(5):
    parameters, value = code.em_step(X, parameters)
assert value > first
for package in ("derive", "sympy", "jinja2", "sklearn", "tests"):
    assert package not in sys.modules, package
print("ran alone")
"""


def _text(name: str) -> str:
    return (FOLDER / file_name(name)).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_runs_when_copied_alone(name: str, tmp_path: Path) -> None:
    copy = shutil.copy(FOLDER / file_name(name), tmp_path)
    command = [sys.executable, "-I", "-W", "error", "-c", USE, str(copy)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ran alone\n"
    assert done.stderr == ""


@pytest.mark.parametrize("name", NAMES)
def test_imports_only_numpy_and_scipy(name: str) -> None:
    assert source.foreign_imports(_text(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_python_loop_over_points(name: str) -> None:
    assert source.loops_over_points(_text(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_documented_and_typed(name: str) -> None:
    assert source.missing_docstrings(_text(name)) == []
    assert source.missing_annotations(_text(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_computing_statement_names_its_equation(name: str) -> None:
    assert source.unnumbered_statements(_text(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_equations_named_are_in_the_derivation(name: str) -> None:
    numbers = {step.number for step in api.load(name).derivation().steps}
    named = source.equation_numbers(_text(name))
    assert named
    assert named <= numbers


@pytest.mark.parametrize("name", NAMES)
def test_header_names_the_model_and_how_to_regenerate_it(name: str) -> None:
    head = _text(name).partition('"""')[2].partition('"""')[0]
    assert f"derive generate {name}" in head
    assert f"derive show {name}" in head


@pytest.mark.parametrize("name", NAMES)
def test_lines_fit_a_screen(name: str) -> None:
    lines = _text(name).splitlines()
    assert max(len(line) for line in lines) <= 120
    assert not any(line != line.rstrip() for line in lines)
    assert _text(name).endswith("\n")
