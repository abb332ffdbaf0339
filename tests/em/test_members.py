"""Members of single components fixed or tied: each update against blind maximisation of Q under the constraint."""

from dataclasses import replace

import pytest

from derive.em import derive_em
from derive.language.family import Symbol
from derive.models.changes import fix, tie
from derive.models.mixture import Mixture
from tests.em.densities import Case, Values
from tests.em.interpret import check_derivation
from tests.em.test_catalogue import density
from tests.language.floats import Array
from tests.proof.derivations import mixture

SIZES = {"N": 11, "K": 4, "D": 2}
FIXED = (
    ("gaussian-1d", "mu[3] = -1.5"),
    ("gaussian-1d", "sigma2[1] = 1/2"),
    ("gaussian-1d", "mu[2] = m"),
    ("gaussian-full", "mu[1]"),
    ("gaussian-diagonal", "Sigma[1] = I"),
    pytest.param("gaussian-full", "Sigma[2] = 2*I", marks=pytest.mark.slow),
    pytest.param("gaussian-spherical", "Sigma[3] = I/2", marks=pytest.mark.slow),
    pytest.param("gaussian-tied", "mu[2] = 0", marks=pytest.mark.slow),
)
TIED = (
    ("gaussian-1d", "mu[2] = -mu[1]"),
    ("gaussian-1d", "mu[1] - 2*mu[3] = 1"),
    ("gaussian-1d", "sigma2[3] = 4*sigma2[1]"),
    ("gaussian-full", "mu[1] + mu[2] = 0"),
    pytest.param("gaussian-full", "Sigma[2] = Sigma[4]", marks=pytest.mark.slow),
    pytest.param("gaussian-diagonal", "Sigma[2] = 3*Sigma[1]", marks=pytest.mark.slow),
    pytest.param("gaussian-spherical", "Sigma[2] = Sigma[1]", marks=pytest.mark.slow),
)


def _of(name: str, model: Mixture) -> Case:
    def value(v: Values) -> Array:
        return density(name, v)

    return Case(model, value)


@pytest.mark.parametrize(("name", "what"), FIXED)
def test_free_members_maximise_q_beside_fixed_ones(name: str, what: str) -> None:
    model = fix(mixture(name), what)
    assert check_derivation(_of(name, model), derive_em(model), sizes=SIZES) == []


@pytest.mark.parametrize(("name", "what"), TIED)
def test_tied_members_maximise_q_together(name: str, what: str) -> None:
    model = tie(mixture(name), what)
    assert check_derivation(_of(name, model), derive_em(model), sizes=SIZES) == []


def test_several_constraints_on_two_parameters_compose() -> None:
    model = fix(tie(tie(mixture("gaussian-1d"), "mu[2] = -mu[1]"), "sigma2[4] = sigma2[3]"), "mu[4] = 7")
    assert check_derivation(_of("gaussian-1d", model), derive_em(model), sizes=SIZES) == []


def test_the_comparison_can_fail() -> None:
    mirrored, equal = (tie(mixture("gaussian-1d"), f"mu[2] = {sign}mu[1]") for sign in ("-", ""))
    derivation = derive_em(mirrored)
    meant = {family.name: family for family in equal.parameters}
    updates = (replace(u, target=Symbol(meant[u.target.family.name], u.target.indices)) for u in derivation.updates)
    wrong = check_derivation(_of("gaussian-1d", equal), replace(derivation, updates=tuple(updates)), sizes=SIZES)
    assert any("mu" in line for line in wrong)


def test_the_derivation_says_what_is_given() -> None:
    derivation = derive_em(tie(mixture("gaussian-1d"), "mu[2] = -mu[1]"))
    text = " ".join(section.words for section in derivation.sections)
    assert "mu_2 = -mu_1" in text
    assert "mu_2 = -mu_1" in derivation.summary
    assert {step.rule for step in derivation.steps} >= {"restrict", "members"}
    assert all(step.certificate for step in derivation.steps)


def test_certificates_have_the_components_that_are_named() -> None:
    derivation = derive_em(fix(mixture("gaussian-1d"), "mu[6] = 0"))
    for step in derivation.steps:
        assert step.certificate is not None
        assert all(dict(sizes)["K"] > 6 for sizes in step.certificate.sizes)
