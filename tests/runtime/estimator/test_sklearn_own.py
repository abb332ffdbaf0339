"""scikit-learn's own tests of its GaussianMixture, run against ours: their import is replaced, nothing else."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sklearn.mixture

from derive.runtime import GaussianMixture

_MODULE = "tests.runtime.estimator.substituted"

#: Tests that call private functions of scikit-learn only: no estimator takes part.
FUNCTIONS_ONLY = {
    "test_suffstat_sk_full": "_estimate_gaussian_covariances_full",
    "test_suffstat_sk_tied": "_estimate_gaussian_covariances_tied",
    "test_suffstat_sk_diag": "_estimate_gaussian_covariances_diag",
    "test_gaussian_suffstat_sk_spherical": "_estimate_gaussian_covariances_spherical",
    "test_compute_log_det_cholesky": "_compute_log_det_cholesky",
    "test_gaussian_mixture_log_probabilities": "_estimate_log_gaussian_prob",
}

#: Tests that reach into scikit-learn's estimator.
PRIVATE = {
    "test_gaussian_mixture_precisions_init": "calls _initialize and _set_parameters of the estimator; what it is about,"
    " precisions_init at the start, is tested in test_gaussian.py",
    "test_gaussian_mixture_all_init_does_not_estimate_gaussian_parameters": "counts the calls of scikit-learn's own"
    " _estimate_gaussian_parameters; tested in test_gaussian.py by what comes out",
    "test_gaussian_mixture_array_api_compliance": "passes arrays of other libraries under array_api_dispatch; ours are"
    " NumPy's, and the tags say so",
    "test_gaussian_mixture_raises_where_array_api_not_implemented": "the same",
}
LEFT_OUT = {**FUNCTIONS_ONLY, **PRIVATE}


def _loaded() -> ModuleType:
    """A copy of scikit-learn's test module in which GaussianMixture is ours."""
    path = Path(sklearn.mixture.__file__).parent / "tests" / "test_gaussian_mixture.py"
    spec = importlib.util.spec_from_file_location(_MODULE, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module
    spec.loader.exec_module(module)
    assert module.GaussianMixture is sklearn.mixture.GaussianMixture
    module.GaussianMixture = GaussianMixture  # type: ignore[attr-defined]
    return module


def _names(mark: Any) -> list[str]:
    names = mark.args[0]
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def _combinations(test: Callable[..., None]) -> list[dict[str, Any]]:
    """The arguments that the test's own marks ask for, and those of scikit-learn's fixtures."""
    found: list[dict[str, Any]] = [{}]
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for mark in marks:
        names = _names(mark)
        rows = [values if len(names) > 1 else (values,) for values in mark.args[1]]
        found = [{**one, **dict(zip(names, values, strict=True))} for one in found for values in rows]
    arguments = test.__code__.co_varnames[: test.__code__.co_argcount]
    for name, values in (("global_dtype", (np.float64, np.float32)), ("global_random_seed", (0, 1))):
        if name in arguments:
            found = [{**one, name: value} for one in found for value in values]
    return found


OWN = _loaded()
TESTS = {name: test for name, test in vars(OWN).items() if name.startswith("test_")}


def _cases() -> Iterator[Any]:
    for name, test in TESTS.items():
        if name not in LEFT_OUT:
            for i, arguments in enumerate(_combinations(test)):
                yield pytest.param(test, arguments, id=f"{name}-{i}")


def test_what_is_left_out_is_there() -> None:
    assert set(LEFT_OUT) <= set(TESTS)


def test_functions_are_all_that_is_used() -> None:
    """Tests of private functions name the function and no estimator."""
    for name, function in FUNCTIONS_ONLY.items():
        used = TESTS[name].__code__.co_names + TESTS[name].__code__.co_varnames
        assert function in used
        assert "GaussianMixture" not in used


@pytest.mark.parametrize(("test", "arguments"), list(_cases()))
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_own(test: Callable[..., None], arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    fixtures = {"monkeypatch": monkeypatch} if "monkeypatch" in test.__code__.co_varnames else {}
    test(**arguments, **fixtures)
