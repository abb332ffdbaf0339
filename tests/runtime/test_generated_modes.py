"""Modes, labels and groups with a generated module that has a prior and known constants of each row."""

import contextlib
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import Data, Index, Known, NonNegative, Parameter, Positive, Simplex, log, sum_over
from derive.models import Mixture
from derive.models.priors import dirichlet, gamma
from derive.runtime.em import fit
from derive.runtime.latent import observed
from derive.runtime.load import load_source
from derive.runtime.modes import HARD, SOFT, Mode, annealed
from derive.runtime.problem import Problem
from derive.runtime.protocol import GeneratedModule

ALPHA = 3


@pytest.fixture(scope="module")
def exposed() -> GeneratedModule:
    """Poisson counts with known exposures, and a prior on weights and rates."""
    n, k = Index("n", "N"), Index("k", "K")
    y, t = Data("y", n, domain=NonNegative), Known("t", n, domain=Positive, code="exposures")
    lam = Parameter("lam", k, domain=Positive, code="rates")
    pi = Parameter("pi", k, domain=Simplex, code="shares")
    model = Mixture(
        "exposed-counts",
        weights=pi,
        log_density=y[n] * log(lam[k]) - t[n] * lam[k],
        log_prior=dirichlet(pi[k], 3) + sum_over(k, gamma(lam[k], 2, 3)),
    )
    return load_source(render_module(derive_em(model)), model.name)


def _data(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, size=11)
    names, kind = rng.permutation(11), rng.permutation(11) % 2
    groups, component = np.repeat(names, sizes), np.repeat(kind, sizes)
    exposures = rng.uniform(0.5, 3, size=len(groups))
    y = rng.poisson(np.where(component == 0, 0.4, 2.0) * exposures).astype(float)
    labels = np.where(names[:, None] == [names[0], names[3]], kind[:, None], -1).max(axis=1)
    return {"y": y, "exposures": exposures, "groups": groups, "labels": np.repeat(labels, sizes)}


def _blind(d: dict[str, Any], mode: str, grouped: bool, labelled: bool, v: np.ndarray[Any, Any]) -> float:
    """The objective in free coordinates, written out."""
    weights, rates = softmax([v[0], 0.0]), np.exp(v[1:])
    density = d["y"][:, None] * np.log(rates) - d["exposures"][:, None] * rates
    groups = d["groups"] if grouped else np.arange(len(density))
    names, first = np.unique(groups, return_index=True)
    joint = np.log(weights) + (names[:, None] == groups) @ density
    labels = d["labels"][first]
    told = (labels >= 0) & labelled
    free = joint[~told].max(axis=1) if mode == "hard" else logsumexp(joint[~told], axis=1)
    prior = ((ALPHA - 1) * np.log(weights)).sum() + (np.log(rates) - 3 * rates).sum()
    return float(prior + free.sum() + joint[told, labels[told]].sum())


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("mode", ["soft", "annealed"])
def test_modes_reach_the_blind_maximum(exposed: GeneratedModule, mode: str, grouped: bool, labelled: bool) -> None:
    d = _data(5)
    knowns = {"exposures": d["exposures"]}
    known = {name: d[name] for name, given in (("labels", labelled), ("groups", grouped)) if given}
    result = fit(exposed, d["y"], 2, mode=mode, knowns=knowns, tol=1e-13, max_iter=5000, n_init=2, **known)

    def cost(v: np.ndarray[Any, Any]) -> float:
        return -_blind(d, mode, grouped, labelled, v)

    rng = np.random.default_rng(0)
    best = max(-float(minimize(cost, rng.normal(size=3), options={"gtol": 1e-7}).fun) for _ in range(5))
    assert result.value == pytest.approx(best, rel=1e-9)
    assert "plus log prior" in result.objective
    assert result.log_likelihood != result.value


def test_hard_em_cannot_be_improved_by_one_label(exposed: GeneratedModule) -> None:
    """At the labels found, no other parameters give more; at the parameters found, no other label does."""
    d = _data(6)
    result = fit(exposed, d["y"], 2, mode="hard", knowns={"exposures": d["exposures"]})
    shares, rates = result.parameters
    at = np.array([np.log(shares[0] / shares[1]), *np.log(rates)])
    assert result.value == pytest.approx(_blind(d, "hard", False, False, at), rel=1e-12)
    rng = np.random.default_rng(1)
    for _ in range(200):
        assert _blind(d, "hard", False, False, at + 1e-3 * rng.normal(size=3)) <= result.value


@pytest.mark.parametrize("mode", [SOFT, HARD, annealed(3.0), annealed(0.5)], ids=lambda mode: mode.objective)
@pytest.mark.parametrize("seed", range(4))
def test_no_objective_falls(exposed: GeneratedModule, mode: Mode, seed: int) -> None:
    d = _data(seed)
    given = {"labels": d["labels"] if seed % 2 else None, "groups": d["groups"] if seed > 1 else None}
    latent = observed(len(d["y"]), 2, **given)
    problem = Problem(exposed, d["y"], {"exposures": d["exposures"]}, latent, mode)
    parameters = problem.m_step(np.random.default_rng(seed).dirichlet([1.0, 2.0], size=problem.units))
    values = []
    with contextlib.suppress(ValueError):  # a component may lose all points in hard mode
        for _ in range(20):
            parameters, value = problem.step(parameters)
            values.append(value)
    assert len(values) > 1
    assert (np.diff(values) >= -1e-10 * np.abs(values[:-1])).all()
