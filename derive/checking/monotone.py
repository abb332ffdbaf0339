"""EM by the generated code never lowers its objective (log-likelihood, log-posterior): random and real data."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.draw import data_of, draw_solvable
from derive.datasets import load_faithful
from derive.errors import StepRefusedError
from derive.language.family import Role
from derive.proof.derivation import Derivation
from derive.runtime.protocol import GeneratedModule

TOLERANCE = 1e-10  # relative: what rounding may take from the objective
ITERATIONS = 15
RUNS = 12
Array = NDArray[np.float64]


def never_lowers(derivation: Derivation, module: GeneratedModule) -> str:
    """Run EM from random responsibilities; raises StepRefusedError where the objective falls.

    A run in which a component collapses (the likelihood of many models has no bound) ends there.
    """
    steps = runs = collapsed = 0
    for X, components, knowns, name in _problems(derivation, module):
        rng = np.random.default_rng(components + len(X))
        responsibilities = rng.dirichlet(np.ones(components), size=len(X))
        runs += 1
        try:
            parameters = module.m_step(X, responsibilities, **knowns)
        except (ValueError, np.linalg.LinAlgError):
            collapsed += 1
            continue
        _is_one_step(name, module, X, parameters, knowns)
        previous = -np.inf
        for iteration in range(ITERATIONS):
            try:
                parameters, value = module.em_step(X, parameters, **knowns)
            except (ValueError, np.linalg.LinAlgError):
                collapsed += 1
                break
            if not value >= previous - TOLERANCE * max(1.0, abs(previous)):
                fall = f"from {previous} to {value}"
                raise StepRefusedError(f"{name}: iteration {iteration} takes the {derivation.objective_name} {fall}")
            previous = value
            steps += 1
    if steps < ITERATIONS:
        raise StepRefusedError(f"EM could not be tried: {collapsed} of {runs} runs ended in a collapsed component")
    ended = f", {collapsed} of which ended in a collapsed component" if collapsed else ""
    return f"{steps} EM steps in {runs} runs{ended}: none lowered it (tolerance {TOLERANCE:.0e} relative)"


def _is_one_step(name: str, module: GeneratedModule, X: Array, parameters: Any, knowns: dict[str, Array]) -> None:  # noqa: ANN401 - a module's named tuple
    """Refuse an em_step that is something else than an E-step followed by an M-step."""
    stepped, value = module.em_step(X, parameters, **knowns)
    apart = module.m_step(X, module.e_step(X, parameters, **knowns), parameters, **knowns)
    same = all(np.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in zip(stepped, apart, strict=True))
    if not (same and np.isclose(value, module.objective(X, parameters, **knowns), rtol=1e-9)):
        raise StepRefusedError(f"{name}: em_step differs from e_step followed by m_step, or from objective")


def _problems(derivation: Derivation, module: GeneratedModule) -> Iterator[tuple[Array, int, dict[str, Array], str]]:
    """Data, number of components, known constants and a name for each run."""
    data, least = data_of(derivation), max(2, derivation.named_components) + derivation.other_components
    for run in range(RUNS):
        rng = np.random.default_rng(1000 + run)
        components, samples = least + run % 3, 60 + 7 * run
        X, knowns = draw_solvable(derivation, module, rng, samples, components, 2 + run % 3)
        yield X, components, knowns, f"random data, run {run}"
    known = any(family.role is Role.KNOWN for family in derivation.families)
    if known or data.domain.nonnegative or data.domain.unit:
        return
    faithful = load_faithful()
    scalar = data.shape.is_scalar and len(data.indices) == 1
    for components in (least, least + 1):
        yield (faithful[:, 0] if scalar else faithful), components, {}, f"Old Faithful, K = {components}"
