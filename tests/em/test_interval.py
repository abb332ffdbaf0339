"""Updates that must not exceed one: shown, or refused."""

import pytest

from derive.em import derive_em
from derive.em.interval import complement
from derive.errors import ModelError, NoClosedFormError
from derive.language import (
    Binary,
    Count,
    CountUpTo,
    Data,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    Probability,
    Simplex,
    log,
    sum_over,
)
from derive.language.domain import Domain
from derive.models.mixture import Mixture
from derive.models.priors import beta
from derive.proof.sign import sign

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
theta = Parameter("theta", k, d, domain=Probability, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")


def _bernoulli(domain: type[Domain]) -> Mixture:
    x = Data("x", n, d, domain=domain)
    inside = x[n, d] * log(theta[k, d]) + (1 - x[n, d]) * log(1 - theta[k, d])
    return Mixture("own", weights=pi, log_density=sum_over(d, inside))


def test_the_bound_is_shown() -> None:
    rules = [step.rule for step in derive_em(_bernoulli(Binary)).steps]
    assert "complement" in rules
    assert "at-most-one" in rules


def test_data_beyond_one_are_refused() -> None:
    """With counts for data the same formula would pass one; and Q would not be concave."""
    with pytest.raises(NoClosedFormError, match="not shown to be"):
        derive_em(_bernoulli(NonNegative))


def test_a_probability_that_may_pass_one_is_refused() -> None:
    """An exponential rate declared as a probability: its estimate is one over the mean."""
    rate, x = Parameter("r", k, domain=Probability), Data("x", n, domain=NonNegative)
    with pytest.raises(NoClosedFormError, match="at most one"):
        derive_em(Mixture("own", weights=pi, log_density=log(rate[k]) - rate[k] * x[n]))


def test_the_complement_of_a_quotient() -> None:
    w, x = Known("w", n, domain=NonNegative), Data("x", n, domain=Binary)
    rest = complement(sum_over(n, w[n] * x[n]) / sum_over(n, w[n]))
    assert rest == sum_over(n, w[n] * (1 - x[n])) / sum_over(n, w[n])
    found = sign(rest)
    assert found is not None
    assert found.sign > 0


t, chance = Known("t", n, domain=Count), Parameter("p", k, domain=Probability)


def _binomial_with_prior(domain: Domain | type[Domain]) -> Mixture:
    x = Data("x", n, domain=domain)
    density = x[n] * log(chance[k]) + (t[n] - x[n]) * log(1 - chance[k])
    return Mixture("own", weights=pi, log_density=density, log_prior=sum_over(k, beta(chance[k], 2, 3)))


def test_successes_never_pass_trials_also_under_a_prior() -> None:
    """(sum w x + 1) / (sum w t + 3) <= 1 as x <= t."""
    rules = [step.rule for step in derive_em(_binomial_with_prior(CountUpTo(t))).steps]
    assert "at-most-one" in rules


def test_counts_that_may_pass_the_trials_are_refused() -> None:
    with pytest.raises(NoClosedFormError, match="at most one"):
        derive_em(_binomial_with_prior(Count))


def test_a_log_of_a_formula_says_that_its_sign_has_to_follow() -> None:
    """Kumaraswamy's density: no domain can be declared for 1 - x^a."""
    x, a = Data("x", n, domain=Probability), Parameter("a", k, domain=Positive)
    with pytest.raises(ModelError, match="has to follow from declared domains"):
        derive_em(Mixture("own", weights=pi, log_density=log(a[k]) + (a[k] - 1) * log(x[n]) + log(1 - x[n] ** a[k])))
