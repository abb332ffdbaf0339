"""The problems on which functions are compared: one step from random parameters, far from any fixed point."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from derive.checking.draw import draw_known, draw_problem, sides
from derive.checking.submitted.problem import Arrays, Problem, Setting
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import InputError
from derive.language.domain import Real
from derive.models.mixture import Mixture
from derive.runtime.load import load_source

Array = NDArray[np.float64]
SIZES = ((17, 3, 2), (23, 4, 3), (31, 3, 5), (29, 5, 4))  # N, K, D: pairwise distinct
_ATTEMPTS = 40
_FAR = 60.0  # standard deviations of the data: exp underflows for every component


@lru_cache(maxsize=8)
def setting_of(model: Mixture) -> Setting:
    """A model with its derivation and its module. Raises DeriveError where it cannot be derived."""
    derivation = derive_em(model)
    return Setting(derivation, load_source(render_module(derivation), model.name))


@lru_cache(maxsize=8)
def problems_of(model: Mixture) -> tuple[Problem, ...]:
    """Random problems with previous parameters. Raises InputError for a model that no random problem fits."""
    setting = setting_of(model)
    found = [problem for i, sizes in enumerate(SIZES) if (problem := _drawn(setting, sizes, i)) is not None]
    if len(found) < 2:
        raise InputError(f"{model.name}: no random problem has a regular maximum, so code cannot be compared")
    return tuple(found)


def far_away(problem: Problem) -> Problem | None:
    """The problem with one sample far from all components; None where data cannot be far away."""
    if type(problem.setting.data.domain) is not Real:
        return None
    X = problem.X.copy()
    X[-1] = X[-1] + _FAR * X.std() * len(X)
    far = replace(problem, X=X)
    joint = problem.setting.module.log_joint(X, far.parameters(far.previous or {}), **far.knowns)
    return far if joint[-1].max() < -800 and np.isfinite(joint).all() else None


def _drawn(setting: Setting, sizes: tuple[int, int, int], seed: int) -> Problem | None:
    samples, components, width = sizes
    components += setting.regular[1]
    for attempt in range(_ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        X, knowns = draw_problem(setting.derivation, rng, samples, components, width)
        X = np.asarray(X, dtype=np.float64)
        start = _start(setting, sizes, knowns, rng)
        if start is None:
            continue
        problem = Problem(setting, f"problem {seed + 1}", X, _gamma(rng, samples, components), start, knowns)
        previous = _previous(problem, rng)
        if previous is None:
            continue
        problem = problem.from_(previous)
        if _is_regular(problem):
            return problem
    return None


def _start(setting: Setting, sizes: tuple[int, int, int], knowns: Arrays, rng: np.random.Generator) -> Arrays | None:
    """Parameters drawn from their domains."""
    samples, components, width = sizes
    (n, k), (base, more) = setting.plates, setting.regular
    named = {n: samples, k: components + more, base: components} | sides(setting.derivation, width)
    families = setting.families
    drawn = {families[name].name: value for name, value in knowns.items()}
    return {name: np.asarray(draw_known(families[name], named, rng, drawn), dtype=float) for name in setting.fields}


def _previous(problem: Problem, rng: np.random.Generator) -> Arrays | None:
    """What one M-step gives for other random responsibilities: all components overlap, none is a fixed point."""
    samples, components = problem.responsibilities.shape
    with np.errstate(all="ignore"):
        try:
            return replace(problem, responsibilities=_gamma(rng, samples, components)).reference()
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None


def _gamma(rng: np.random.Generator, samples: int, components: int) -> Array:
    """Rows that sum to one; components of unequal weight, and rows of all kinds."""
    gamma: Array = rng.dirichlet(0.4 + np.arange(components) / components, size=samples)
    gamma = 0.97 * gamma + 0.03 / components
    return np.asarray(gamma / gamma.sum(axis=1, keepdims=True), dtype=np.float64)


def _is_regular(problem: Problem) -> bool:
    """Whether the step is defined, gives finite numbers, and the responsibilities of the E-step are not all 0 and 1."""
    module, previous = problem.setting.module, problem.parameters(problem.previous or {})
    with np.errstate(all="ignore"):
        try:
            gamma = np.asarray(module.e_step(problem.X, previous, **problem.knowns), dtype=np.float64)
            after = problem.reference()
            step = replace(problem, responsibilities=gamma).reference()
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return False
    values = (gamma, *after.values(), *step.values(), *(problem.previous or {}).values())
    soft = float(np.mean((gamma > 0.02) & (gamma < 0.98)))
    return all(np.isfinite(value).all() for value in values) and soft > 0.15
