"""`import derive` is light, and every name that it promises is there."""

import subprocess
import sys
from pathlib import Path

import pytest

import derive

_ROOT = Path(__file__).parents[2]


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, derive; print(*(m for m in sys.modules if m.startswith(('derive', 'numpy', 'sympy'))))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert result.stdout.split() == ["derive"]


def test_every_name_of_the_package_can_be_used() -> None:
    code = "import derive; print(*(name for name in derive.__all__ if getattr(derive, name) is None))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert result.stdout.split() == []


def test_names_are_listed_and_others_refused() -> None:
    assert set(derive.__all__) <= set(dir(derive))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        derive.nonsense  # noqa: B018  the access is what is tested
    assert derive.__all__ == sorted(derive.__all__, key=lambda name: (not name.isupper(), name))
