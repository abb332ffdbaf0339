"""Unit vectors: the direction of the resultant is the maximum on the sphere; what is not linear is refused."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from derive.em import derive_em
from derive.em.direction import unit
from derive.emission.module import render_module
from derive.errors import ModelError, NoClosedFormError, StepRefusedError
from derive.language import (
    Data,
    Dimension,
    Index,
    Known,
    Parameter,
    Positive,
    Real,
    Simplex,
    UnitVector,
    log,
    log_bessel_i,
    sum_over,
)
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr, add, mul
from derive.language.family import Symbol
from derive.language.world import World
from derive.models.changes import fix
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation
from derive.proof.step import Highest, Step
from derive.runtime.load import load_source
from tests.catalogue.example import derivation, mixture, module

N, K, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", N, shape=D, domain=UnitVector)
u = Parameter("u", K, shape=D, domain=UnitVector)
kappa = Parameter("kappa", K, domain=Positive)
pi = Parameter("pi", K, domain=Simplex)
FISHER = kappa[K] * u[K].T * x[N] + (D / 2 - 1) * log(kappa[K]) - log_bessel_i(D / 2 - 1, kappa[K])


def points(count: int, width: int, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(count, width)) + np.eye(width)[0]
    return np.asarray(X / np.linalg.norm(X, axis=1, keepdims=True))


def test_worlds_draw_unit_vectors_exactly() -> None:
    for size in range(1, 6):
        world = World({N.size: 2, K.size: 3, D.extent: size}, seed=size)
        assert Evaluator(world)(u[K].T * u[K], {K: 2}) == 1


def test_the_fit_of_one_component_is_that_of_scipy() -> None:
    X = points(57, 4)
    found = module("von-mises-fisher").m_step(X, np.ones((57, 1)))
    direction, concentration = stats.vonmises_fisher.fit(X)
    np.testing.assert_allclose(found.directions[0], direction, atol=1e-12)
    assert found.concentrations[0] == pytest.approx(concentration, rel=1e-6)


def test_directions_have_length_one_and_no_random_direction_does_better() -> None:
    X, rng = points(41, 3), np.random.default_rng(5)
    shares = rng.dirichlet([0.3, 1.0], 41)
    found = module("von-mises-fisher").m_step(X, shares)
    np.testing.assert_allclose(np.linalg.norm(found.directions, axis=1), 1, rtol=1e-14)
    others = points(4000, 3, seed=1)
    resultant = shares.T @ X
    assert (np.einsum("kd,kd->k", resultant, found.directions) >= (resultant @ others.T).max(axis=1)).all()


def test_a_prior_on_the_direction_turns_it() -> None:
    m0 = Known("m0", shape=D, domain=UnitVector)
    prior = sum_over(K, 7 * m0.T * u[K])
    made = derive_em(Mixture("turned", weights=pi, log_density=FISHER, log_prior=prior))
    code = load_source(render_module(made), "turned")
    X, shares = points(23, 3), np.random.default_rng(2).dirichlet([1.0, 2.0], 23)
    previous = code.Parameters(pi=np.full(2, 0.5), u=points(2, 3, 8), kappa=np.array([2.0, 3.0]))
    toward = np.array([0.0, 0.6, 0.8])
    found = code.m_step(X, shares, previous, m0=toward)
    expected = previous.kappa[:, None] * (shares.T @ X) + 7 * toward
    np.testing.assert_allclose(found.u, expected / np.linalg.norm(expected, axis=1, keepdims=True), rtol=1e-12)


def test_a_resultant_of_zero_names_the_component() -> None:
    X = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    shares = np.array([[0.5, 0.5], [0.5, 0.5], [0.75, 0.25], [0.75, 0.25]])
    with pytest.raises(ValueError, match=r"\[0\] has no finite maximum"), np.errstate(all="ignore"):
        module("von-mises-fisher").m_step(X, shares)


def test_rows_that_are_no_unit_vectors_are_named() -> None:
    X = points(9, 3)
    X[4] *= 1.01
    with pytest.raises(ValueError, match=r"row 4 of X, counted from 0, has length 1\.01"):
        module("von-mises-fisher").m_step(X, np.ones((9, 1)))


def test_a_unit_vector_needs_a_length() -> None:
    with pytest.raises(ModelError, match="is for vectors"):
        Parameter("u", K, domain=UnitVector)


@pytest.mark.parametrize(
    "density",
    [
        kappa[K] * (u[K].T * x[N]) ** 2 - kappa[K] ** 2,
        -((x[N] - kappa[K] * u[K]).T * (x[N] - kappa[K] * u[K])),
    ],
)
def test_what_is_not_linear_in_a_unit_vector_is_refused(density: Expr) -> None:
    with pytest.raises(NoClosedFormError, match="not linear in u"):
        derive_em(Mixture("curved", weights=pi, log_density=density))


def test_single_members_cannot_be_set() -> None:
    with pytest.raises(ModelError, match="length one"):
        fix(mixture("von-mises-fisher"), "mu[1]")


def highest(made: Derivation) -> Step:
    return next(step for step in made.steps if isinstance(step.move, Highest))


def refusal(made: Derivation, changed: Step, asked: int) -> str:
    def earlier(at: int) -> Step:
        return changed if at == changed.number else made.step(at)

    with pytest.raises(StepRefusedError) as caught:
        Certifier((N.size, K.size, D.extent)).certify(earlier(asked), earlier)
    return str(caught.value)


def test_the_minimum_on_the_sphere_is_refused() -> None:
    made = derivation("von-mises-fisher")
    step = highest(made)
    assert "does not state" in refusal(made, replace(step, right=mul(-1, step.right)), step.number)


def test_a_value_off_the_sphere_is_refused_with_its_excess() -> None:
    """2 S / |S| does better than any unit vector, by an excess that is positive: but it is none."""
    made = derivation("von-mises-fisher")
    step = highest(made)
    assert isinstance(step.move, Highest)
    excess = made.step(step.move.excess)
    assert refusal(made, replace(excess, right=mul(2, excess.right)), excess.number)
    longer = replace(step, right=mul(2, step.right))
    assert "does not state" in refusal(made, longer, step.number)


def test_the_proof_fails_without_the_domain() -> None:
    """With any vectors in the place of unit vectors Q has no maximum, and none is claimed."""
    free = Parameter("u", K, shape=D, domain=Real)
    with pytest.raises(NoClosedFormError):
        derive_em(Mixture("free", weights=pi, log_density=kappa[K] * free[K].T * x[N] - log_bessel_i(0, kappa[K])))


def test_unit_divides_by_the_length() -> None:
    v = Symbol(Known("v", shape=D), ())
    world = World({N.size: 2, K.size: 3, D.extent: 4}, seed=1)
    assert add(unit(v), mul(-1, v)).shape == v.shape
    assert Evaluator(world)(mul(v.transposed(), v), {}) != 1
