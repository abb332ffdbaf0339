"""It derives, it does not recite: with another density comes another update, and it is what maximises Q numerically."""

import pytest

from derive.em import derive_em
from derive.errors import DeriveError, NoClosedFormError
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation
from tests.em.densities import SCALARS, VECTORS, Case, pi
from tests.em.interpret import check_derivation, disagreements
from tests.em.odd_densities import RIGHT_OR_REFUSED
from tests.em.odd_vectors import VECTORS_RIGHT_OR_REFUSED
from tests.em.refused_densities import REFUSED
from tests.em.regressions import REGRESSIONS

# Each takes seconds; what they share with a quick one is tested there.
LONG = {
    "scale-times-known",
    "full-known-beside-diagonal",
    "form-subtracted",
    "diagonal-with-a-known-full",
    "any-matrix-beside-a-precision",
    "outer-product-of-the-mean",
    "scale-times-identity",
    "scaled-known-covariance",
    "all-shared",
    "precision-tied",
    "shared-mean",
    "shared-mean-known",
    "tied-spherical",
    "tied-diagonal",
    "third-tied",
    "samples-with-precision-multipliers",
    "design-a-sample",
    "third-in-the-determinant",
    "diagonal-design",
    "design-a-component",
    "known-weights",
    "second-form",
    "third-diagonal",
    "third-spherical",
    "tied-design",
    "shared-mean-diagonal",
    "square-design",
    "between-matrices",
    "square-of-a-matrix",
    "diagonal-seen-through-full",
    "scale-times-shape",
    "scale-times-shared",
    "inverse-wishart",
    "wishart",
    "loadings",
    "loadings-with-a-ridge",
    "loadings-transposed",
    "other-letters",
    "known-called-as-the-inverse",
    "third-in-the-form",
    "loadings-with-their-own-ridge",
}


def quick_first(cases: tuple[Case, ...]) -> list[object]:
    return [pytest.param(c, id=c.name, marks=[pytest.mark.slow] if c.name in LONG else []) for c in cases]


def derived(case: Case) -> tuple[str, Derivation | None]:
    """Return the derivation, or the reason for which there is none."""
    try:
        return "", derive_em(case.model)
    except DeriveError as refusal:
        return str(refusal), None


@pytest.mark.parametrize("case", quick_first(VECTORS + SCALARS + REGRESSIONS))
def test_another_density_gives_the_update_that_maximises_q(case: Case) -> None:
    assert disagreements(case) == []


@pytest.mark.parametrize("case", quick_first(RIGHT_OR_REFUSED + VECTORS_RIGHT_OR_REFUSED))
def test_an_answer_is_right_or_refused(case: Case) -> None:
    reason, derivation = derived(case)
    assert "sides differ" not in reason, "refused by a certificate, not for a reason that a reader understands"
    if derivation is not None:
        assert [wrong for seed in range(3) for wrong in check_derivation(case, derivation, seed)] == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_its_reason(name: str) -> None:
    log_density, reason = REFUSED[name]
    with pytest.raises(DeriveError, match=reason):
        derive_em(Mixture("refused", weights=pi, log_density=log_density))


def test_the_reason_names_the_parameter() -> None:
    log_density, _ = REFUSED["riccati"]
    with pytest.raises(NoClosedFormError, match="Sigma"):
        derive_em(Mixture("refused", weights=pi, log_density=log_density))
