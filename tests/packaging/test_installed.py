"""derive works where the tree is not: after a wheel, an sdist and an editable install."""

import json
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Environment

pytestmark = pytest.mark.xdist_group("packaging")  # one worker builds, once


def test_a_generated_module_imports_and_computes(installed: Environment) -> None:
    code = """
import numpy as np
from derive.generated import gaussian_full as module
X = np.random.default_rng(0).normal(size=(7, 2))
responsibilities = np.full((7, 3), 1 / 3)
parameters = module.m_step(X, responsibilities)
print(parameters.means.shape, np.isfinite(module.log_likelihood(X, parameters)))
"""
    assert installed.python(code).split() == ["(3,", "2)", "True"]


def test_the_package_comes_from_this_installation(installed: Environment) -> None:
    code = "import derive, derive.generated, derive.templates as t; print(derive.generated.__file__); print(t.__file__)"
    places = [Path(line).resolve() for line in installed.python(code).splitlines()]
    assert len(places) == 2
    assert [place for place in places if ROOT in place.parents] == []


def test_data_files_are_there(installed: Environment) -> None:
    code = """
from importlib.resources import files
from derive.datasets import load_faithful
print(files("derive").joinpath("py.typed").is_file())
print(load_faithful().shape)
print(any(True for _ in files("derive.templates").iterdir()))
"""
    assert installed.python(code).splitlines() == ["True", "(272, 2)", "True"]


def test_the_command_lists_the_models(installed: Environment) -> None:
    listing = installed.derive("models")
    for name in ("full", "tied", "diagonal", "spherical", "1d"):
        assert f"gaussian-{name}" in listing


def test_the_command_derives(installed: Environment) -> None:
    steps = json.loads(installed.derive("show", "gaussian-1d", "--format", "json"))
    assert steps
    assert installed.derive("show", "gaussian-1d").strip()


def test_templates_render_the_module_that_was_installed(installed: Environment) -> None:
    installed.derive("generate", "gaussian-1d", "-o", "written.py")
    code = "import derive.generated.gaussian_1d as m; print(open(m.__file__, encoding='utf-8').read())"
    written = (installed.outside / "written.py").read_text(encoding="utf-8")
    assert written.strip() == installed.python(code).strip()


def test_the_command_fits(installed: Environment) -> None:
    code = "from derive import datasets; print(datasets.path('faithful'))"
    data = installed.python(code).strip()
    fit = json.loads(installed.derive("fit", data, "--model", "gaussian-full", "-k", "2", "--format", "json"))
    assert fit["model"] == "gaussian-full"
    assert fit["n_parameters"] == 11
