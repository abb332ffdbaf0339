"""`derive verify` passes what is right and refuses what was planted."""

from dataclasses import replace

import pytest

from derive.checking import verify as verification
from derive.checking.code import compares_with_derivation, counts_parameters
from derive.checking.monotone import never_lowers
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import StepRefusedError
from derive.language import (
    PI,
    Data,
    Diagonal,
    Dimension,
    Index,
    Known,
    Parameter,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    logdet,
    quad,
)
from derive.models import Mixture
from derive.models.load import catalogue
from derive.proof import Derivation
from derive.runtime.load import load_source

NAMES = ("gaussian-1d", "gaussian-diagonal", "gaussian-full", "gaussian-spherical", "gaussian-tied")
FAULTS = {
    "one degree of freedom lost": ("covariances = scatters / counts", "covariances = scatters / (counts - 1)"),
    "means divided by the number of points": ("@ X / counts[:, np.newaxis]", "@ X / N"),
    "weights not divided": ("weights = counts / N", "weights = counts / counts.max()"),
    "old means": ("centred = X - means[k]  # (39)", "centred = X - X.mean(axis=0)  # (39)"),
    "half of the determinant lost": ("np.log(np.diagonal(", "np.log(0.5 + np.diagonal("),
    "weights forgotten in the E-step": ("return log_weights - D", "return 0 * log_weights - D"),
    "normalised over the points": ("totals: Array = scaled.sum(axis=1)", "totals: Array = scaled.sum(axis=1) * 1.001"),
    "log-likelihood of the largest only": ("(largest + np.log(totals)).sum()", "largest.sum()"),
}


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    return derive_em(catalogue()["gaussian-full"])


@pytest.mark.parametrize("name", NAMES)
def test_every_model_of_the_catalogue_passes(name: str) -> None:
    found = verification.verify(catalogue()[name])
    assert found.passed, found
    assert [check.name for check in found.checks] == [
        "steps",
        "solution",
        "maximum",
        "code computes the derived updates",
        "number of parameters",
        "sufficient statistics",
        "features",
        "log-likelihood never falls",
        "objectives of other modes never fall",
    ]
    assert all(check.detail for check in found.checks)


@pytest.mark.parametrize("fault", FAULTS)
def test_code_that_computes_something_else_is_refused(fault: str, derivation: Derivation) -> None:
    right, wrong = FAULTS[fault]
    text = render_module(derivation)
    assert right in text
    with pytest.raises(StepRefusedError, match="differ"):
        compares_with_derivation(derivation, load_source(text.replace(right, wrong), "faulty"))


def test_code_of_another_shape_is_refused(derivation: Derivation) -> None:
    text = render_module(derivation).replace("weights = counts / N", "weights = (counts / N)[:, np.newaxis]")
    with pytest.raises(StepRefusedError, match=r"m_step.*shape"):
        compares_with_derivation(derivation, load_source(text, "faulty"))


def test_an_em_step_that_goes_nowhere_is_refused(derivation: Derivation) -> None:
    text = render_module(derivation).replace("return m_step(X, responsibilities, parameters), ", "return parameters, ")
    with pytest.raises(StepRefusedError, match="em_step"):
        never_lowers(derivation, load_source(text, "faulty"))


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_number_of_parameters_is_refused(name: str) -> None:
    found = derive_em(catalogue()[name])
    text = render_module(found).replace("return K - 1", "return K")
    with pytest.raises(StepRefusedError, match="n_parameters"):
        counts_parameters(found, load_source(text, "faulty"))


def test_em_that_lowers_the_log_likelihood_is_refused(derivation: Derivation) -> None:
    text = render_module(derivation).replace("covariances = scatters / counts", "covariances = 1.5 * scatters / counts")
    with pytest.raises(StepRefusedError, match="takes the log-likelihood"):
        never_lowers(derivation, load_source(text, "faulty"))


@pytest.mark.parametrize(("rule", "check"), [("solution", "solution"), ("concave", "maximum")])
def test_a_parameter_without_its_proof_is_named(rule: str, check: str, derivation: Derivation) -> None:
    sections = tuple(
        replace(s, steps=tuple(step for step in s.steps if step.rule != rule)) if s.parameter is not None else s
        for s in derivation.sections
    )
    looks = {"solution": verification._solutions, "maximum": verification._maxima}
    found = looks[check](replace(derivation, sections=sections))
    assert (found.name, found.passed) == (check, False)
    assert all(name in found.detail for name in ("mu", "Sigma", "pi"))


def test_a_step_without_certificate_fails(derivation: Derivation) -> None:
    first, *others = derivation.sections
    bare = replace(first, steps=(replace(first.steps[0], certificate=None), *first.steps[1:]))
    found = verification._steps(replace(derivation, sections=(bare, *others)))
    assert not found.passed


def test_a_model_that_is_refused_fails_with_the_reason() -> None:
    n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
    x, mu = Data("x", n, shape=D), Parameter("mu", k, shape=D)
    S = Parameter("S", k, domain=PositiveDefinite(D))
    density = -logdet(S[k]) / 2 + quad(inverse(S[k]), x[n] - mu[k]) / 2
    found = verification.verify(Mixture("flipped", weights=Parameter("pi", k, domain=Simplex), log_density=density))
    assert not found.passed
    assert "minimum" in found.checks[-1].detail


def test_known_constants_with_a_design_pass() -> None:
    n, k = Index("n", "N"), Index("k", "K")
    D, P = Dimension("D"), Dimension("P")
    x, B = Data("x", n, shape=D), Known("B", shape=(D, P), code="design")
    beta, S = Parameter("beta", k, shape=P), Parameter("S", domain=Diagonal(D))
    density = -D * log(2 * PI) / 2 - logdet(S) / 2 - quad(inverse(S), x[n] - B * beta[k]) / 2
    found = verification.verify(Mixture("design", weights=Parameter("pi", k, domain=Simplex), log_density=density))
    assert found.passed, found
