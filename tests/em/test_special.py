"""Mixtures with special functions: updates in closed form and roots maximise Q, or the reason is given."""

import pytest

from derive.em import derive_em
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language import Expr, Parameter, Positive, cos, log, log_bessel_i, loggamma, sin
from derive.language.root_of import RootOf
from tests.em.densities import Case, case, k, length, location, n, normal, pi, rate, y
from tests.em.interpret import disagreements
from tests.em.special_densities import CLOSED, ROOTS, shapes

LONG = {"weibull-shapes-and-scales", "von-mises-concentrations", "gamma-shapes-and-rates", "weibull-inverse-scales"}


def quick_first(cases: tuple[Case, ...]) -> list[object]:
    return [pytest.param(c, id=c.name, marks=[pytest.mark.slow] if c.name in LONG else []) for c in cases]


@pytest.mark.parametrize("each", quick_first(CLOSED))
def test_closed_updates_maximise_q(each: Case) -> None:
    assert disagreements(each) == []
    assert not any(update.value.contains(lambda e: isinstance(e, RootOf)) for update in derive_em(each.model).updates)


@pytest.mark.parametrize("each", quick_first(ROOTS))
def test_roots_maximise_q(each: Case) -> None:
    assert disagreements(each) == []


order = Parameter("nu", k, domain=Positive)
REFUSED: dict[str, tuple[Expr, str | None]] = {
    "rising": (loggamma(shapes[k]) - shapes[k] * length[n], None),
    "Bessel function with a plus": (log_bessel_i(0, rate[k]) - rate[k] * length[n], None),
    "periodic": (sin(y[n] * location[k]) - cos(location[k]), None),
    "power of a real number": (log(rate[k]) - rate[k] * y[n] ** shapes[k], None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_maximum_or_no_proof_is_refused(name: str) -> None:
    density, reason = REFUSED[name]
    with pytest.raises((NoClosedFormError, StepRefusedError), match=reason):
        derive_em(case(name.replace(" ", "-"), density, normal, weights=pi).model)
