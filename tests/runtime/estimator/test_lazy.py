"""scikit-learn is optional: it is loaded with the first estimator, and missed in words."""

import subprocess
import sys

import pytest

import derive.runtime

MISSING = """
import sys
sys.modules["sklearn"] = None
import derive.runtime
try:
    from derive.runtime import GaussianMixture
except ImportError as error:
    print(error)
"""


def run(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_runtime_does_not_load_it() -> None:
    assert run("import sys, derive.runtime, derive.runtime.em; print('sklearn' in sys.modules)") == "False"


def test_without_it_the_message_says_what_to_install() -> None:
    assert "pip install 'derive-em[sklearn]'" in run(MISSING)


def test_names() -> None:
    assert "GaussianMixture" in dir(derive.runtime)
    with pytest.raises(AttributeError, match="no attribute 'Mixture'"):
        derive.runtime.Mixture  # noqa: B018
