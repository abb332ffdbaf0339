"""A module with the kernel in the same file: it needs nothing of this package, and computes the same."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import derive
from derive.emission.fused import render_fused
from derive.errors import LoweringError
from derive.runtime.kernel import em_step
from tests.catalogue.example import m_step, module, problem
from tests.catalogue.examples import EXAMPLES

# What runs in another process, where this package cannot be imported.
CALL = """
import sys
sys.modules["derive"] = None
import numpy as np
import fused
given = dict(np.load("given.npz"))
X, start = given.pop("X"), fused.Parameters(*(given.pop(name) for name in fused.Parameters._fields))
parameters, value = fused.fused_em_step(X, start, threads=2, **given)
np.savez("found.npz", value=value, **parameters._asdict())
"""


@pytest.mark.parametrize("name", ["gaussian-full", "gaussian-tied", "poisson", "linear-regression", "weibull"])
def test_it_stands_alone_and_agrees(name: str, tmp_path: Path) -> None:
    example = EXAMPLES.get(name)
    if example is None:
        rng = np.random.default_rng(1)
        X, knowns = rng.normal(size=(331, 3)), dict[str, np.ndarray]()
        start = module(name).m_step(X, rng.dirichlet([0.5, 2.0], size=len(X)))
    else:
        given = problem(example, (331, 3, 2), seed=3)
        X, knowns, start = given.X, given.knowns, m_step(example, given)
    (tmp_path / "fused.py").write_text(derive.load(name).generate(fused=True), encoding="utf-8")
    np.savez(tmp_path / "given.npz", allow_pickle=False, X=X, **start._asdict(), **knowns)
    subprocess.run([sys.executable, "-c", CALL], cwd=tmp_path, check=True)
    found = np.load(tmp_path / "found.npz")
    expected, value = em_step(module(name), X, start, knowns=knowns, threads=2)
    assert found["value"] == value
    for field, other in expected._asdict().items():
        np.testing.assert_array_equal(found[field], other)


def test_a_name_that_would_be_defined_twice_is_refused() -> None:
    text = derive.load("gaussian-full").generate() + "\n\nclass Kernel:\n    pass\n"
    with pytest.raises(LoweringError, match="Kernel"):
        render_fused(text)


def test_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    command = [sys.executable, "-m", "derive", "generate", "gaussian-spherical", "--fused", "-o", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    text = path.read_text(encoding="utf-8")
    assert "def fused_em_step(" in text
    assert "from derive" not in text
    subprocess.run([*command[:5], "--check", *command[5:]], check=True, capture_output=True)


def test_the_file_says_which_function_is_the_fast_one() -> None:
    about = ast.get_docstring(ast.parse(derive.load("gaussian-full").generate(fused=True))) or ""
    assert "fused_em_step" in about
    assert "threadpoolctl" in about
    assert all(len(line) <= 120 for line in about.splitlines())
