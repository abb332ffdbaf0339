"""What each function must return on a problem, by the derived module; and the bank of mistakes for it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from derive.checking.implementations.evaluate import Equations
from derive.checking.implementations.mutant import Mutant
from derive.checking.implementations.posterior_mutants import PosteriorMutants
from derive.checking.implementations.problems import setting_of
from derive.checking.implementations.update_mutants import UpdateMutants
from derive.checking.implementations.vocabulary import E_STEP, EM_STEP, GAMMA, M_STEP
from derive.checking.submitted.problem import Arrays, Problem
from derive.models.mixture import Mixture


def expected(role: str, problem: Problem) -> Arrays:
    """Right values by their names in code."""
    if role == M_STEP:
        return problem.reference()
    gamma = _posterior(problem)
    return {GAMMA: gamma} if role == E_STEP else replace(problem, responsibilities=gamma).reference()


def _posterior(problem: Problem) -> np.ndarray:
    module = problem.setting.module
    gamma = module.e_step(problem.X, problem.parameters(problem.previous or {}), **problem.knowns)
    return np.asarray(gamma, dtype=np.float64)


@lru_cache(maxsize=16)
def bank(role: str, model: Mixture) -> tuple[Mutant, ...]:
    """All mistakes for a function of a model."""
    equations = Equations(setting_of(model))
    if role == E_STEP:
        return tuple(PosteriorMutants(equations))
    if role == M_STEP:
        return tuple(UpdateMutants(equations))
    return tuple(_of_both(equations))


def _of_both(equations: Equations) -> Iterator[Mutant]:
    """A mistake in either half of an EM step, and those of the order of things."""

    def halves(mutant: Mutant, problem: Problem) -> Arrays:
        gamma = mutant.on(problem).get(GAMMA)
        if gamma is None or gamma.shape != problem.responsibilities.shape:
            return {}
        return replace(problem, responsibilities=gamma).reference()

    def updated(mutant: Mutant, problem: Problem) -> Arrays:
        return mutant.on(replace(problem, responsibilities=_posterior(problem)))

    def twice(problem: Problem) -> Arrays:
        return expected(EM_STEP, problem.from_(expected(EM_STEP, problem)))

    for mutant in PosteriorMutants(equations):
        yield Mutant(mutant.name, mutant.says, lambda problem, mutant=mutant: halves(mutant, problem))  # type: ignore[misc]
    for mutant in UpdateMutants(equations):
        yield Mutant(mutant.name, mutant.says, lambda problem, mutant=mutant: updated(mutant, problem))  # type: ignore[misc]
    yield Mutant("two-steps", "two steps are made, not one", twice)
