"""Features: the log joint as natural parameters times functions of the data, as few as there can be, proved."""

from dataclasses import replace
from functools import cache

import pytest

from derive.em import derive_em
from derive.em.linear_in import linear_in
from derive.errors import StepRefusedError
from derive.language.expr import mul
from derive.models.load import catalogue, load_model
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation, Features

# What stands in the log joint beside 1, as a statistician would write the family; and what cancels between components.
EXPECTED = {
    "bernoulli": (["x_nd"], []),
    "beta": (["log(x_n)", "log(1 - x_n)"], []),
    "binomial": (["x_n", "t_n"], ["loggamma(t_n + 1)", "loggamma(x_n + 1)", "loggamma(t_n - x_n + 1)"]),
    "categorical": (["x_nc"], []),
    "dirichlet": (["log(x_nd)"], []),
    "exponential": (["x_n"], []),
    "gamma": (["log(x_n)", "x_n"], []),
    "gaussian-1d": (["x_n", "x_n^2"], []),
    "gaussian-diagonal": (["x_n", "diagonal_part(x_n x_n')"], []),
    "gaussian-full": (["x_n", "x_n x_n'"], []),
    "gaussian-spherical": (["x_n", "x_n' x_n"], []),
    "gaussian-tied": (["x_n"], ["x_n x_n'"]),
    "geometric": (["x_n"], []),
    "inverse-gaussian": (["x_n", "x_n^-1"], ["log(x_n)"]),
    "linear-regression": (["y_n f_n", "y_n^2", "f_n f_n'"], []),
    "log-normal": (["log(x_n)", "log(x_n)^2"], []),
    "maxwell-boltzmann": (["x_n^2"], ["log(x_n)"]),
    "multinomial": (["x_nc"], ["loggamma(sum_c x_nc + 1)", "sum_c loggamma(x_nc + 1)"]),
    "poisson": (["x_n", "e_n"], ["x_n log(e_n)", "loggamma(x_n + 1)"]),
    "rayleigh": (["x_n^2"], ["log(x_n)"]),
    "von-mises": (["cos(x_n)", "sin(x_n)"], []),
    "von-mises-fisher": (["x_n"], []),
}
NONE = {"gumbel", "negative-binomial", "student-t", "weibull"}
MOVED = {"gaussian-1d", "gaussian-diagonal", "gaussian-full", "gaussian-spherical", "gaussian-tied"}


@cache
def _derivation(name: str) -> Derivation:
    return derive_em(load_model(name))


def _features(name: str) -> Features:
    found = _derivation(name).features
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_no_more_features_than_the_family_has(name: str) -> None:
    found = _features(name)
    first, *others = [str(feature.core) for feature in found.varying if feature.natural is not None]
    assert first == "1"
    varying, shared = EXPECTED[name]
    assert sorted(others) == sorted(varying)
    assert sorted(str(feature.core) for feature in found.shared) == sorted(shared)


def test_every_exponential_family_of_the_catalogue_has_them() -> None:
    others = set(catalogue()) - NONE - set(EXPECTED)
    assert all(_derivation(name).features is not None for name in others)
    assert all(_derivation(name).features is None for name in NONE)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_data_are_moved_only_where_it_is_proved_that_nothing_changes(name: str) -> None:
    located = _features(name).located
    assert (located is not None) == (name in MOVED)
    if located is not None:
        assert _derivation(name).step(located.number).certificate is not None


@pytest.mark.parametrize("name", ["gaussian-full", "poisson", "linear-regression", "gaussian-tied"])
def test_a_wrong_natural_parameter_is_refused(name: str) -> None:
    """The step that says that the log joint is linear in the features, with one natural parameter doubled."""
    model, derivation = load_model(name), _derivation(name)
    found = _features(name)
    step = derivation.step(found.joint)
    certifier = Certifier(model.extents)
    certifier.certify(step, derivation.step)
    for term in step.right.children:
        wrong = replace(step, right=step.right + mul(1, term))
        with pytest.raises(StepRefusedError):
            certifier.certify(wrong, derivation.step)


def test_the_same_function_under_two_names_of_an_index_is_one_feature() -> None:
    model = load_model("bernoulli")
    found = linear_in(model.log_joint, model.sample)
    assert [str(core) for core in found] == ["1", "x_nd"]
