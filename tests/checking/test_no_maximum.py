"""Models for which some data have no maximum: verified on those that have one, and refused in words on the others."""

import numpy as np
import pytest

from derive.checking import verify as verification
from derive.checking.code import compares_with_derivation
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import FitError, StepRefusedError
from derive.language import PI, Data, Index, Known, Parameter, Positive, Simplex, cos, log, log_bessel_i
from derive.models import Mixture
from derive.models.changes import Change, Kind, changed
from derive.models.load import catalogue
from derive.proof import Derivation
from derive.runtime.em import fit
from derive.runtime.load import load_source

n, k = Index("n", "N"), Index("k", "K")
x, m = Data("x", n), Known("m", code="direction")
kappa, pi = Parameter("kappa", k, domain=Positive), Parameter("pi", k, domain=Simplex)
AROUND = Mixture("around", pi, kappa[k] * cos(x[n] - m) - log(2 * PI) - log_bessel_i(0, kappa[k]))


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    return derive_em(AROUND)


def test_a_concentration_about_a_known_direction_is_verified() -> None:
    """The sum of cosines may be negative: the concentration then goes to zero, and has no maximum."""
    found = verification.verify(AROUND)
    assert found.passed, found


def test_code_that_refuses_where_there_is_a_maximum_is_refused(derivation: Derivation) -> None:
    text = render_module(derivation).replace("if bad.any():", "if True:")
    module = load_source(text, "faulty")
    with pytest.raises(ValueError, match="no finite maximum"):
        compares_with_derivation(derivation, module)


def test_code_that_goes_on_where_there_is_none_computes_something_else(derivation: Derivation) -> None:
    text = render_module(derivation).replace("counts[k]\n        return slope", "counts[k] / 2\n        return slope")
    with pytest.raises(StepRefusedError, match="differ"):
        compares_with_derivation(derivation, load_source(text, "faulty"))


def test_a_start_without_a_maximum_is_dropped_with_its_reason(derivation: Derivation) -> None:
    """All rows together have one; the cluster that lies opposite of the direction has none."""
    module = load_source(render_module(derivation), "around")
    X = np.concatenate([np.linspace(-0.5, 0.5, 60), np.linspace(2.9, 3.3, 9)])
    with pytest.raises(FitError, match=r"all 5 starts failed.*no finite maximum"):
        fit(module, X, 2, knowns={"direction": np.array(0.0)})


def test_statistics_are_tried_with_as_many_components_as_are_named() -> None:
    model = changed(catalogue()["gaussian-1d"], "gaussian-1d", [Change(Kind.FIX, "mu[5] = 1")])
    (check,) = (check for check in verification.verify(model).checks if check.name == "sufficient statistics")
    assert check.passed, check
