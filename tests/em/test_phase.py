"""Angles: the crest of a wave is the maximum, whatever the rate and the prior; what is no wave is left alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from derive.em import derive_em
from derive.em.notation import Notation
from derive.em.phase import phase
from derive.emission.module import render_module
from derive.errors import DeriveError, NoClosedFormError, StepRefusedError
from derive.language import PI, Data, Index, Parameter, Positive, Simplex, cos, log_bessel_i, sin, sum_over
from derive.language.calculus_nodes import At
from derive.language.expr import Expr, add, mul
from derive.language.family import Symbol
from derive.language.rewrite import drop_independent
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation
from derive.proof.step import Highest, Relation, Step
from derive.runtime.load import load_source
from tests.catalogue.example import derivation, module

N, K = Index("n", "N"), Index("k", "K")
x = Data("x", N)
m = Parameter("m", K)
kappa = Parameter("kappa", K, domain=Positive)
pi = Parameter("pi", K, domain=Simplex)


def wave_model(density: Expr, prior: Expr | None = None) -> Mixture:
    return Mixture("wave", weights=pi, log_density=density, log_prior=prior)


def turned(rate: int = 1) -> Expr:
    return kappa[K] * cos(rate * (x[N] - m[K])) - log_bessel_i(0, kappa[K])


def maximised(model: Mixture) -> tuple[np.ndarray, np.ndarray, np.ndarray, object]:
    code = load_source(render_module(derive_em(model)), "wave")
    rng = np.random.default_rng(8)
    X, shares = rng.uniform(-3, 3, 29), rng.dirichlet([0.4, 1.0, 2.0], 29)
    return X, shares, np.linspace(-np.pi, np.pi, 20001), code


@pytest.mark.parametrize("rate", [1, 2, 3])
def test_no_angle_of_a_fine_grid_does_better(rate: int) -> None:
    X, shares, grid, code = maximised(wave_model(turned(rate)))
    found = code.m_step(X, shares)  # type: ignore[attr-defined]
    q = np.einsum("nk,nkg->kg", shares, np.cos(rate * (X[:, None, None] - grid)) + np.zeros((1, 3, 1)))
    reached = np.einsum("nk,nk->k", shares, np.cos(rate * (X[:, None] - found.m)))
    assert (reached >= q.max(axis=1) - 1e-12).all()
    assert (reached <= q.max(axis=1) + 1e-5).all()


def test_with_a_prior_on_the_angle_its_concentration_enters() -> None:
    """Weight 5 on the direction 1: no longer does kappa cancel."""
    made = derive_em(wave_model(turned(), prior=sum_over(K, 5 * cos(m[K] - 1))))
    update = next(update for update in made.updates if update.target.family.name == "m")
    assert update.argument.startswith("global")
    assert "kappa" in {name for name, _ in update.value.members}


def test_the_fit_of_one_component_is_that_of_scipy() -> None:
    X = np.random.default_rng(3).vonmises(2.0, 1.7, 57)
    found = module("von-mises").m_step(X, np.ones((57, 1)))
    concentration, direction, _ = stats.vonmises.fit(X, fscale=1)
    assert found.directions[0] == pytest.approx(direction, abs=1e-10)
    assert found.concentrations[0] == pytest.approx(concentration, rel=1e-6)


def test_directions_all_around_leave_no_concentration() -> None:
    """Their resultant is zero but for rounding: so is the concentration, and the density is uniform."""
    X = np.array([0.0, np.pi / 2, np.pi, -np.pi / 2])
    found = module("von-mises").m_step(X, np.ones((4, 1)))
    assert found.concentrations[0] < 1e-12


def test_equal_directions_have_no_largest_concentration() -> None:
    with pytest.raises(
        ValueError, match=r"concentrations\[0\] has no finite maximum: Q keeps rising as it goes to inf"
    ):
        module("von-mises").m_step(np.full(7, 1.25), np.ones((7, 1)))


@pytest.mark.parametrize(
    "density",
    [
        turned() - (x[N] - m[K]) ** 2,
        turned() + cos(2 * (x[N] - m[K])),
        kappa[K] * cos(x[N] * m[K]) - log_bessel_i(0, kappa[K]),
        kappa[K] * cos(x[N] - m[K]) ** 2 - log_bessel_i(0, kappa[K]),
    ],
)
def test_what_is_no_wave_is_refused(density: Expr) -> None:
    notation = Notation(wave_model(density))
    assert phase(drop_independent(notation.objective.definition, m), notation.symbol(m)) is None
    with pytest.raises(DeriveError):
        derive_em(notation.model)


def test_a_wave_of_unknown_amplitude_still_has_its_crest() -> None:
    """With an amplitude that may be negative the sign goes into the point whose angle is taken."""
    b = Parameter("b", K)
    notation = Notation(wave_model(b[K] * sin(x[N] - m[K]) - b[K] ** 2))
    found = phase(drop_independent(notation.objective.definition, m), notation.symbol(m))
    assert found is not None
    assert "b" in {name for name, _ in found.value.members}


def highest(made: Derivation) -> Step:
    return next(step for step in made.steps if isinstance(step.move, Highest))


def refused(made: Derivation, changed: Step, number: int, asked: int | None = None) -> str:
    """Certify a step where another one was changed; return the message of the refusal."""

    def earlier(at: int) -> Step:
        return changed if at == number else made.step(at)

    extents = tuple(index.size for index in (N, K))
    with pytest.raises(StepRefusedError) as caught:
        Certifier(extents).certify(earlier(asked or number), earlier)
    return str(caught.value)


def test_the_trough_is_refused() -> None:
    made = derivation("von-mises")
    step = highest(made)
    assert "does not state by how much" in refused(made, replace(step, right=add(step.right, PI)), step.number)


def test_another_angle_with_an_excess_of_its_own_is_refused() -> None:
    """Even where the steps on the excess are changed with it."""
    made = derivation("von-mises")
    step = highest(made)
    assert isinstance(step.move, Highest)
    trough = add(step.right, PI)
    excess = made.step(step.move.excess)
    kept = step.left
    assert isinstance(kept, Symbol)
    objective = made.step(step.premise or 0).left.children[0]
    forged = replace(excess, left=add(At(objective, kept, trough), mul(-1, objective)))
    refused(made, forged, excess.number)


@pytest.mark.parametrize("which", ["excess", "bounded"])
def test_a_maximum_that_names_other_steps_is_refused(which: str) -> None:
    made = derivation("von-mises")
    step = highest(made)
    assert isinstance(step.move, Highest)
    move = replace(step.move, **{which: 1})
    assert "step (1)" in refused(made, replace(step, move=move), step.number)


def test_an_excess_that_is_too_small_is_refused() -> None:
    made = derivation("von-mises")
    step = highest(made)
    assert isinstance(step.move, Highest)
    excess = made.step(step.move.excess)
    refused(made, replace(excess, right=mul(2, excess.right)), excess.number)
    turned_round = replace(made.step(step.move.bounded), relation=Relation.AT_MOST)
    refused(made, turned_round, step.move.bounded)
    assert "is not negative" in refused(made, turned_round, step.move.bounded, step.number)


def test_a_sine_of_a_positive_unknown_is_no_wave() -> None:
    angle = Parameter("a", K, domain=Positive)
    with pytest.raises(NoClosedFormError):
        derive_em(wave_model(cos(x[N] - angle[K])))
