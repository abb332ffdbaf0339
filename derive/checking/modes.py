"""Hard and annealed EM, known labels, and groups that share one, by the generated code: no objective ever falls."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.draw import draw_solvable
from derive.checking.monotone import TOLERANCE
from derive.errors import StepRefusedError
from derive.proof.derivation import Derivation
from derive.runtime.latent import UNKNOWN, observed
from derive.runtime.modes import HARD, SOFT, annealed
from derive.runtime.problem import Problem, tied_by_prior
from derive.runtime.protocol import GeneratedModule

ITERATIONS = 8
RUNS = 3
MODES = (SOFT, HARD, annealed(2.0))


def modes_never_lower(derivation: Derivation, module: GeneratedModule) -> str:
    """Run EM in every mode; raises StepRefusedError where the objective of one falls.

    A run in which a component loses its points or collapses (most have a density without bound) ends there.
    """
    steps = runs = ended = 0
    for name, problem, start in _problems(derivation, module):
        with np.errstate(all="ignore"):
            taken = _climb(name, problem, start)
        runs += 1
        steps += taken
        ended += taken < ITERATIONS
    if steps < ITERATIONS:
        raise StepRefusedError(f"modes of EM could not be tried: {ended} of {runs} runs ended in a lost component")
    words = f", {ended} of which ended in a lost component" if ended else ""
    return f"{steps} steps of hard, annealed and ordinary EM with labels and groups in {runs} runs{words}: none fell"


def _climb(name: str, problem: Problem, start: NDArray[Any]) -> int:
    """The number of steps that could be taken."""
    parameters, reached = None, -np.inf
    for step in range(ITERATIONS):
        try:
            following = problem.m_step(start) if parameters is None else problem.step(parameters)[0]
            value = problem.e_step(following)[1]
            if not value >= reached - TOLERANCE * max(1.0, abs(reached)):
                if problem.trouble(following, parameters, start):
                    return step
                fall = f"from {reached} to {value}"
                raise StepRefusedError(f"{name}: iteration {step} takes the {problem.objective} {fall}")
        except (ValueError, np.linalg.LinAlgError):
            return step
        parameters, reached = following, value
    return ITERATIONS


def _problems(derivation: Derivation, module: GeneratedModule) -> Iterator[tuple[str, Problem, NDArray[Any]]]:
    """Random data with a name and responsibilities of the units: each mode, with labels, groups, both and neither."""
    least = max(2, derivation.named_components) + derivation.other_components
    for run, mode, labelled, grouped in product(range(RUNS), MODES, (False, True), (False, True)):
        if mode is SOFT and not (labelled or grouped):  # ordinary EM has a check of its own
            continue
        rng = np.random.default_rng(2000 + run)
        components, samples = least + run % 2, 50 + 9 * run
        X, knowns = draw_solvable(derivation, module, rng, samples, components, 1 + run)
        groups = rng.integers(0, 5 * components, size=samples)
        of_group = rng.integers(UNKNOWN, components, size=5 * components)
        labels = of_group[groups] if labelled else None
        latent = observed(samples, components, labels, groups if grouped else None)
        problem = Problem(module, X, knowns, latent, mode)
        if grouped and tied_by_prior(problem, components):
            continue
        what = "".join(f", {word}" for word, used in (("labels", labelled), ("groups", grouped)) if used)
        yield f"random data, run {run}{what}", problem, rng.dirichlet(np.full(components, 3.0), size=problem.units)
