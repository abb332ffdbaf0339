"""Features say all that the log joint says, and the fused pass over them is an iteration of EM."""

import inspect
from typing import Any

import numpy as np

from derive.checking.draw import Array, draw_solvable
from derive.errors import StepRefusedError
from derive.proof.derivation import Derivation
from derive.runtime.kernel import em_step
from derive.runtime.protocol import GeneratedModule

TOLERANCE = 1e-8  # relative to the largest log joint or entry of a parameter, or to one
SAMPLES = 53
RUNS = 4


def _strategies(module: Any) -> list[str]:  # noqa: ANN401 - a generated module
    return ["features", "whitened", "centred"] if getattr(module, "QUADRATIC", False) else ["features", "centred"]


def features_agree(derivation: Derivation, module: GeneratedModule) -> str:
    """Hold natural parameters times features against the log joint, and the kernel's iteration against the module's.

    Raises StepRefusedError where they differ.
    """
    if derivation.features is None or not hasattr(module, "features"):
        return "none are offered: the log joint is not linear in functions of the data alone"
    compared, worst = 0, 0.0
    least = max(2, derivation.named_components) + derivation.other_components
    for run in range(RUNS):
        rng = np.random.default_rng(700 + run)
        components = least + run % 3
        X, knowns = draw_solvable(derivation, module, rng, SAMPLES, components, 2 + run % 3)
        try:
            start = module.m_step(X, rng.dirichlet(np.ones(components), size=SAMPLES), **knowns)
            expected, value = module.em_step(X, start, **knowns)
        except (ValueError, np.linalg.LinAlgError):
            continue  # a random problem whose covariance, say, is singular
        worst = max(worst, _log_joint(module, X, start, knowns))
        for strategy in _strategies(module):
            found, reached = em_step(module, X, start, knowns=knowns, threads=1, strategy=strategy)
            worst = max(worst, _differ("the log-likelihood", reached, value))
            for name, one, other in zip(expected._fields, found, expected, strict=True):
                worst = max(worst, _differ(f"{name} by {strategy}", one, other))
            compared += 1
    if not compared:
        raise StepRefusedError("features could not be tried: the M-step failed on all random data")
    return f"the log joint and {compared} iterations by the kernel, to {worst:.0e} relative"


def _log_joint(module: Any, X: Array, parameters: Any, knowns: dict[str, Array]) -> float:  # noqa: ANN401 - a generated module
    """The difference between components: what all share is left out of the features."""

    def taken(function: Any) -> dict[str, Array]:  # noqa: ANN401 - any function of the module
        names = inspect.signature(function).parameters
        return {name: value for name, value in knowns.items() if name in list(names)[1:]}

    with np.errstate(all="ignore"):
        natural = module.natural_parameters(parameters, **taken(module.natural_parameters))
        if not np.isfinite(natural).all():
            return 0.0  # a parameter at the end of its domain: the kernel takes differences there
        values = np.empty((natural.shape[1], len(X)))
        module.features(X, values, **taken(module.features))
        found, expected = (natural @ values).T, module.log_joint(X, parameters, **knowns)
    return _differ("the log joint", found - found[:, :1], expected - expected[:, :1])


def _differ(what: str, found: Any, expected: Any) -> float:  # noqa: ANN401 - arrays or numbers
    difference = float(np.max(np.abs(np.subtract(found, expected))) / max(1.0, float(np.max(np.abs(expected)))))
    if not difference <= TOLERANCE:
        raise StepRefusedError(f"features: {what} differs by {difference:.1e} relative")
    return difference
