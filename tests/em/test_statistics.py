"""Sufficient statistics: recognised from the density, certified, and in every update; other families have none."""

from dataclasses import replace

import pytest

from derive.em import derive_em
from derive.emission.unicode import symbol, unicode
from derive.errors import StepRefusedError
from derive.language import (
    PI,
    Data,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    Simplex,
    cos,
    exp,
    log,
    log_bessel_i,
    loggamma,
    sum_over,
)
from derive.language.expr import Add, add, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Sum
from derive.models.changes import fix, tie
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from derive.proof.derivation import Derivation, Section
from derive.proof.step import Step
from tests.proof.derivations import CATALOGUE, derivation, mixture

n, m, k = Index("n", "N"), Index("m", "N"), Index("k", "K")
pi = Parameter("pi", k, domain=Simplex, code="weights")
x, r, t, w = Data("x", n), Data("r", n, domain=Positive), Known("t", n), Known("w", n, domain=Positive)
mu, s2 = Parameter("mu", k, code="means"), Parameter("s2", k, domain=Positive, code="variances")
alpha, rate = Parameter("alpha", k, domain=Positive), Parameter("rate", k, domain=Positive)
a, c = Parameter("a", k), Parameter("c")
every_model = pytest.mark.parametrize("name", CATALOGUE)


def normal(residual: Expr) -> Expr:
    return -log(2 * PI) / 2 - log(s2[k]) / 2 - residual**2 / (2 * s2[k])


def derived(log_density: Expr) -> Derivation:
    return derive_em(Mixture("mine", weights=pi, log_density=log_density))


def section_of(found: Derivation, title: str = "Sufficient statistics") -> Section:
    return next(section for section in found.sections if section.title == title)


def updates_of(found: Derivation) -> dict[str, str]:
    assert found.statistics is not None
    return {symbol(update.target): unicode(update.value) for update in found.statistics.updates}


def sums_of(found: Derivation) -> list[str]:
    assert found.statistics is not None
    return [unicode(sum_.value) for sum_ in found.statistics.sums]


@every_model
def test_updates_hold_no_samples(name: str) -> None:
    found = derivation(name)
    assert found.statistics is not None
    samples = found.responsibilities.target.free
    for update in found.statistics.updates:
        assert not update.value.contains(lambda e: isinstance(e, Symbol) and e.family.role is Role.DATA)
        assert not update.value.contains(lambda e: isinstance(e, Sum) and e.index.size.name == "N")
        assert not update.value.free & {index for index in samples if index.size.name == "N"}


@every_model
def test_every_line_is_certified_and_survives_a_file(name: str) -> None:
    found = derivation(name)
    assert all(step.certificate is not None for step in section_of(found).steps)
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gaussian-1d", {"μ_k": "μ⁰_k + S¹_k/N_k", "σ²_k": "S²_k/N_k - δ_k²", "π_k": "N_k/(∑_j N_j)"}),
        ("gaussian-full", {"μ_k": "μ⁰_k + S¹_k/N_k", "Σ_k": "S²_k/N_k - δ_k δ_kᵀ", "π_k": "N_k/(∑_j N_j)"}),
        (
            "gaussian-tied",
            {"μ_k": "μ⁰_k + S¹_k/N_k", "Σ": "(S² - ∑_k N_k δ_k δ_kᵀ)/(∑_j N_j)", "π_k": "N_k/(∑_j N_j)"},
        ),
    ],
)
def test_gaussians_read_as_in_a_textbook(name: str, expected: dict[str, str]) -> None:
    assert updates_of(derivation(name)) == expected


def test_a_shared_covariance_takes_one_scatter_for_all() -> None:
    assert sums_of(derivation("gaussian-tied"))[-1] == "∑_n ∑_k γ_nk y_nk y_nkᵀ"
    assert sums_of(derivation("gaussian-diagonal"))[-1] == "∑_n γ_nk diag(y_nk y_nkᵀ)"
    assert sums_of(derivation("gaussian-spherical"))[-1] == "∑_n γ_nk y_nkᵀ y_nk"


EXPECTED = {
    "gamma": (
        alpha[k] * log(rate[k]) - loggamma(alpha[k]) + (alpha[k] - 1) * log(r[n]) - rate[k] * r[n],
        ["N_k", "∑_n γ_nk r_n", "∑_n γ_nk log r_n"],
    ),
    "a-log-of-a-quotient": (log(r[n] / rate[k]) - r[n] ** 2 / (2 * rate[k]) - log(r[n]), ["N_k", "∑_n γ_nk r_n²"]),
    "an-exponential-of-a-difference": (
        -(x[n] - mu[k]) - exp(-(x[n] - mu[k])),
        ["N_k", "∑_n γ_nk exp(-x_n)"],
    ),
    "a-cosine-of-a-difference": (
        rate[k] * cos(x[n] - t[n]) - log(2 * PI) - log_bessel_i(0, rate[k]),
        ["N_k", "∑_n γ_nk cos(x_n - t_n)"],
    ),
    "known-offsets": (normal(x[n] - t[n] - mu[k]), ["N_k", "∑_n γ_nk y_nk", "∑_n γ_nk y_nk²"]),
    "known-precisions": (
        -log(s2[k]) / 2 - w[n] * (x[n] - mu[k]) ** 2 / (2 * s2[k]),
        ["N_k", "∑_n γ_nk w_n", "∑_n γ_nk w_n y_nk", "∑_n γ_nk w_n y_nk²"],
    ),
    "a-constant-in-the-mean": (normal(x[n] - mu[k] - c), ["N_k", "∑_n γ_nk y_nk", "∑_n γ_nk y_nk²"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_summed(name: str) -> None:
    log_density, sums = EXPECTED[name]
    assert sums_of(derived(log_density)) == sums


def test_changed_models_are_separated_anew() -> None:
    comb = derive_em(tie(mixture("gaussian-1d"), "mu[k] = a + b*k"))
    assert sums_of(comb) == ["N_k", "∑_n γ_nk y_nk", "∑_n γ_nk y_nk²"]
    known = derive_em(fix(mixture("gaussian-1d"), "mu = -0.5"))
    assert sums_of(known) == ["N_k", "∑_n γ_nk (x_n + 1/2)²"]
    one = derive_em(fix(mixture("gaussian-1d"), "mu[2] = 3"))
    assert updates_of(one)["μ_k"] == "{3 for k = 2, else μ⁰_k + S¹_k/N_k}"


NONE = {
    "an-exponent-that-is-estimated": (
        log(alpha[k]) - alpha[k] * log(s2[k]) + (alpha[k] - 1) * log(r[n]) - (r[n] / s2[k]) ** alpha[k],
        "joins data and parameters",
    ),
    "other-samples": (
        -log(s2[k]) / 2 - (x[n] - a[k]) ** 2 / (2 * s2[k]) - (sum_over(m, x[m]) - a[k]) ** 2 / 2,
        "depends on the other samples",
    ),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_exponential_family_has_none(name: str) -> None:
    log_density, reason = NONE[name]
    found = derived(log_density)
    assert found.statistics is None
    assert reason in found.why_no_statistics
    assert "Sufficient statistics" not in [section.title for section in found.sections]


def _changed(step: Step) -> list[Step]:
    """False variants of a step: a term lost, a sign turned."""
    terms = step.right.terms if isinstance(step.right, Add) else ()
    variants = [add(*(term for term in terms if term is not lost)) for lost in terms]
    variants += [add(*(mul(-1, term) if term is turned else term for term in terms)) for turned in terms]
    return [replace(step, right=right) for right in variants]


@pytest.mark.parametrize("name", ["gaussian-1d", "gaussian-tied"])
@pytest.mark.parametrize(("title", "least"), [("Sufficient statistics", 20), ("Features", 15)])
def test_false_claims_are_refused(name: str, title: str, least: int) -> None:
    found, certifier = derivation(name), Certifier(mixture(name).extents)
    tried = 0
    for step in section_of(found, title).steps:
        for variant in _changed(step):
            with pytest.raises(StepRefusedError):
                certifier.certify(variant, found.step)
            tried += 1
    assert tried > least
