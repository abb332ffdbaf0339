"""The checks of a module's text notice what they are for."""

import pytest

from tests.generated import source


@pytest.mark.parametrize(
    "text",
    ["import sympy", "from derive import load", "from . import x", "import os, numpy", "def f():\n    import sys"],
)
def test_foreign_imports_are_noticed(text: str) -> None:
    assert len(source.foreign_imports(text)) == 1


def test_own_imports_pass() -> None:
    assert not source.foreign_imports(
        "from typing import NamedTuple\nimport numpy as np\nfrom scipy.special import logsumexp"
    )


@pytest.mark.parametrize(
    "text",
    [
        "for i in range(len(X)): pass",
        "for i in range(X.shape[0]): pass",
        "for i in range(N): pass",
        "for n in something: pass",
        "for row in X: pass",
        "for row, gamma in zip(X, responsibilities): pass",
        "[f(row) for row in X]",
        "for i, row in enumerate(responsibilities): pass",
        "while True: pass",
        "np.apply_along_axis(f, 1, X)",
    ],
)
def test_loops_over_points_are_noticed(text: str) -> None:
    assert len(source.loops_over_points(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "for k in range(len(weights)): pass",
        "for k in range(K): pass",
        "for k, gamma in enumerate(responsibilities.T): pass",
        "for d in range(X.shape[1]): pass",
        "for k in range(responsibilities.shape[1]): pass",
    ],
)
def test_loops_over_components_pass(text: str) -> None:
    assert not source.loops_over_points(text)


def test_missing_docstrings_and_annotations_are_noticed() -> None:
    text = '"""Module."""\ndef f(x, y: int) -> int:\n    return x\nclass C:\n    """C."""\n'
    assert source.missing_docstrings(text) == ["f"]
    assert source.missing_annotations(text) == ["f"]


def test_statements_without_a_number_are_noticed() -> None:
    text = (
        "def m_step(X, r):\n"
        "    X = np.asarray(X)\n"
        "    counts = r.sum(axis=0)  # N_k\n"
        "    weights = counts / len(X)  # (15)\n"
        "    means = (\n        r.T @ X\n    ) / counts  # (11), with (12)\n"
        "    scale = -means\n"
        "    total += 1\n"
        "    return Parameters(weights, means)\n"
    )
    found = source.unnumbered_statements(text)
    assert [line.split(":")[0] for line in found] == ["line 3", "line 8", "line 9"]
    assert source.equation_numbers(text) == {11, 12, 15}
