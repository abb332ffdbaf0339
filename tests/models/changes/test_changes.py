"""What a change makes of a model, and the one line with which a bad request is refused."""

from fractions import Fraction
from typing import Any

import pytest

from derive.errors import NEW_LINE, DeriveError
from derive.language import Dimension, Known, Parameter
from derive.models.changes import as_changes, changed, fix, prior, tie, weights
from derive.models.load import catalogue
from derive.models.mixture import Mixture
from tests.proof.derivations import mixture

D, P = Dimension("D"), Dimension("P")


def names(model: Mixture) -> tuple[list[str], list[str]]:
    return [str(family) for family in model.parameters], [str(family) for family in model.knowns]


def test_fixing_without_a_value_makes_a_known_constant_of_the_same_name() -> None:
    model = fix(mixture("gaussian-full"), "covariances")
    assert names(model) == (["pi[k]", "mu[k]"], ["Sigma[k]"])
    assert model.knowns[0].code == "covariances"
    assert model.name == "gaussian-full-fixed-sigma"


def test_fixing_at_a_value_puts_it_into_the_formula() -> None:
    full = mixture("gaussian-full")
    assert "x_n' Sigma_k^-1 x_n" in str(fix(full, "mu = 0").log_density)
    assert str(fix(full, "Sigma = 2*I").log_density).endswith("(x_n - mu_k)' (x_n - mu_k) / 4")
    assert "(x_n - 1/10)^2" in str(fix(mixture("gaussian-1d"), "mu = 0.1").log_density)
    assert fix(mixture("gaussian-1d"), "mu", Fraction(1, 10)) == fix(mixture("gaussian-1d"), "mu = 0.1")


def test_tying_across_components_drops_the_index() -> None:
    assert names(tie(mixture("gaussian-full"), "Sigma")) == (["pi[k]", "Sigma", "mu[k]"], [])


def test_a_member_can_be_known_without_its_value() -> None:
    for text, known in (("mu[2]", "mu_2"), ("mu[2] = m", "m")):
        model = fix(mixture("gaussian-full"), text)
        assert names(model) == (["pi[k]", "Sigma[k]", "mu[k]"], [known])
        assert str(model.knowns[0].shape) == "D x 1"
    assert [str(family) for family in fix(catalogue()["bernoulli"], "theta[1]").knowns] == ["theta_1[d]"]


def test_symbols_go_by_their_letters_too() -> None:
    assert fix(mixture("gaussian-full"), "μ = 0") == fix(mixture("gaussian-full"), "mu = 0")
    assert tie(mixture("gaussian-full"), "Σ") == tie(mixture("gaussian-full"), "covariances")
    assert tie(catalogue()["poisson"], "lambda") == tie(catalogue()["poisson"], "λ")


def test_equal_weights_leave_nothing_to_estimate_of_them() -> None:
    for model in (fix(mixture("gaussian-1d"), "pi = 1/K"), tie(mixture("gaussian-1d"), "weights")):
        assert names(model) == (["sigma2[k]", "mu[k]"], [])
        assert str(model.log_joint).startswith("log(K^-1)")


def test_new_names_become_parameters_of_the_shape_and_sign_that_fit() -> None:
    model = tie(mixture("gaussian-full"), "mu[k] = a + b*k")
    assert names(model)[0] == ["pi[k]", "Sigma[k]", "a", "b"]
    assert "x_n - a - k b" in str(model.log_density)
    scaled = tie(mixture("gaussian-full"), "Sigma[k] = s[k]*I")
    (s,) = (family for family in scaled.parameters if family.name == "s")
    assert s.shape.is_scalar
    assert s.domain.positive
    assert s.indices == (scaled.component,)


def test_new_names_can_be_declared() -> None:
    full = mixture("gaussian-full")
    B, b = Known("B", shape=(D, P)), Parameter("b", full.component, shape=P)
    model = tie(full, "mu[k] = B*b[k]", B=B, b=b)
    assert names(model) == (["pi[k]", "Sigma[k]", "b[k]"], ["B"])


def test_constraints_on_members_compose_and_are_solved() -> None:
    one = mixture("gaussian-1d")
    model = tie(tie(one, "mu[2] = -mu[1]"), "mu[3] = 2*mu[2] + 1")
    (mu,) = (family for family in model.parameters if family.name == "mu")
    found = {b.number: (b.lead, str(b.scale), str(b.offset)) for b in mu.bindings}
    assert found == {1: (1, "1", "0"), 2: (1, "-1", "0"), 3: (1, "-2", "1")}
    pinned = fix(model, "mu[3] = 5")
    (mu,) = (family for family in pinned.parameters if family.name == "mu")
    assert {b.number: (b.lead, str(b.offset)) for b in mu.bindings} == {1: (0, "-2"), 2: (0, "2"), 3: (0, "5")}


def test_a_prior_whose_parameter_is_fixed_afterwards_drops_out() -> None:
    model = fix(prior(mixture("gaussian-1d"), "mu ~ normal(0, 4)"), "mu = 1")
    assert model.log_prior is None
    both = prior(prior(mixture("gaussian-1d"), "mu ~ normal(0, 4)"), "pi ~ dirichlet(2)")
    assert str(fix(both, "mu = 1").log_prior) == "sum_k log(pi_k)"


def test_weights_of_the_samples_are_a_known_constant() -> None:
    for what in ("frequency", "precision:Sigma"):
        model = weights(mixture("gaussian-full"), what)
        assert [family.code for family in model.knowns] == ["sample_weight"]
    assert weights(mixture("gaussian-full"), "frequency").sample_weights is not None


def test_the_origin_names_the_commands_options() -> None:
    changes = as_changes(fix=["mu[1] = 0"], tie="Sigma", prior=["pi ~ dirichlet(2)"])
    model = changed(mixture("gaussian-full"), "gaussian-full", changes)
    assert model.origin == "gaussian-full --tie Sigma --fix 'mu[1] = 0' --prior 'pi ~ dirichlet(2)'"
    assert changed(model, "gaussian-full", as_changes(fix="pi")).origin == f"{model.origin} --fix pi"
    quoted = changed(mixture("gaussian-full"), 'a"""b.py', changes)
    assert '"' not in quoted.origin


REFUSED = (
    (fix, "gaussian-full", "nu", "no symbol 'nu'; did you mean 'mu'"),
    (fix, "gaussian-full", "zebra", "it has pi, Sigma, mu"),
    (fix, "gaussian-full", "x = 0", "data"),
    (fix, "gaussian-full", "mu = 1", "mu[k] is D x 1, but 1 is scalar"),
    (fix, "gaussian-full", "Sigma = 0", "not known to lie in its domain PositiveDefinite"),
    (fix, "gaussian-full", "Sigma = -I", "not known to lie in its domain PositiveDefinite"),
    (fix, "gaussian-full", "Sigma = 1", "2*I"),
    (fix, "gaussian-1d", "sigma2 = 0", "domain Positive"),
    (fix, "gaussian-1d", "sigma2 = mu", "mu is a parameter, not a value"),
    (fix, "gaussian-1d", "mu[2] = muu", "did you mean 'mu'"),
    (fix, "categorical", "theta[1] = 1/2", "sum to one"),
    (fix, "gaussian-1d", "mu[0] = 1", "from 1 to 30"),
    (fix, "gaussian-1d", "mu[1/2] = 1", "the number of a component"),
    (fix, "gaussian-1d", "pi[1] = 1/2", "sum to one"),
    (fix, "gaussian-1d", "pi = 1/2", "1/K"),
    (fix, "gaussian-tied", "Sigma[1] = I", "shared by all components"),
    (fix, "gaussian-1d", "mu ~ normal(0, 1)", "prior"),
    (fix, "gaussian-1d", "2 = mu", "a parameter is expected here"),
    (tie, "gaussian-tied", "Sigma", "shared by all components already"),
    (tie, "gaussian-1d", "mu[2]", "tied to what"),
    (tie, "gaussian-1d", "mu[k] = mu[k] + 1", "set by itself"),
    (tie, "gaussian-1d", "mu[1] = mu[1] + 1", "contradict"),
    (tie, "gaussian-1d", "mu[1] = mu[1]", "always holds"),
    (tie, "gaussian-1d", "mu[1]*mu[2] = 1", "a number is expected"),
    (tie, "gaussian-1d", "exp(mu[1]) = 1", "not linear"),
    (tie, "gaussian-1d", "mu[1]/0 = 1", "divides by zero"),
    (tie, "gaussian-1d", "mu[3] = mu[1] + mu[2]", "mu[1] and mu[2]"),
    (tie, "gaussian-1d", "mu[1] = sigma2[1]", "members of mu and sigma2"),
    (tie, "gaussian-1d", "sigma2[2] = -sigma2[1]", "may leave the domain"),
    (tie, "gaussian-1d", "sigma2[2] = sigma2[1] - 1", "may leave the domain"),
    (tie, "gaussian-1d", "sigma2[k] = muu[k]^2", "did you mean 'mu'"),
    (tie, "binomial", "theta[2] = 2*theta[1]", "what equals another member stays in it"),
    (tie, "gaussian-full", "mu[k] = B*b[k]", "several shapes fit"),
    (tie, "gaussian-full", "mu[2] = mu[1] + 1", "mu is D x 1, but this is scalar"),
    (tie, "gaussian-full", "mu[n] = 0", "from 1 to 30"),
    (tie, "gaussian-1d", "mu[k] = a[n]", "write a[k]"),
    (prior, "gaussian-1d", "nu ~ normal(0, 1)", "no symbol 'nu'"),
    (prior, "gaussian-1d", "x ~ normal(0, 1)", "data"),
    (prior, "gaussian-1d", "mu ~ dirichlet(2)", "sums to one"),
    (prior, "gaussian-1d", "pi ~ dirichlett(2)", "did you mean 'dirichlet'"),
    (prior, "gaussian-1d", "pi ~ dirichlet(1/2)", "below 1"),
    (prior, "gaussian-1d", "mu ~ normal(0)", "takes mean, covariance"),
    (prior, "gaussian-1d", "mu[2] ~ normal(0, 1)", "members of all components"),
    (prior, "gaussian-1d", "mu = 1", "written with '~'"),
    (weights, "gaussian-1d", "", "does not say which weights"),
    (weights, "gaussian-1d", "frequency:mu", "does not say which weights"),
    (weights, "gaussian-1d", "precision", "does not say which weights"),
    (weights, "gaussian-1d", "precision:mu", "no covariance"),
    (weights, "gaussian-1d", "precision:sigma", "did you mean 'sigma2'"),
)


@pytest.mark.parametrize(("change", "name", "text", "said"), REFUSED, ids=[f"{c[1]}: {c[2]}" for c in REFUSED])
def test_bad_requests_get_one_clear_line(change: Any, name: str, text: str, said: str) -> None:
    with pytest.raises(DeriveError) as caught:
        change(catalogue()[name], text)
    message, *excerpt = str(caught.value).split(NEW_LINE)
    assert said in message
    assert len(excerpt) in {0, 2}  # the text, and a caret below the place
    assert "\n" not in message


def test_a_float_is_refused_since_it_is_not_exact() -> None:
    with pytest.raises(DeriveError, match="not exact"):
        fix(mixture("gaussian-1d"), "mu", 0.1)  # type: ignore[arg-type]


def test_what_is_fixed_cannot_be_fixed_again_and_something_must_be_left() -> None:
    with pytest.raises(DeriveError, match="known already"):
        fix(fix(mixture("gaussian-1d"), "mu"), "mu = 0")
    with pytest.raises(DeriveError, match="nothing is to be estimated"):
        fix(fix(fix(mixture("gaussian-1d"), "mu"), "sigma2"), "pi")
