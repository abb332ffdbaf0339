"""Sufficient statistics say all that the M-step needs: those of blocks, merged, give the update that m_step gives."""

from collections.abc import Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from derive.checking.draw import Array, data_of, draw_solvable
from derive.errors import StepRefusedError
from derive.proof.derivation import Derivation
from derive.runtime.protocol import GeneratedModule

TOLERANCE = 1e-8  # relative to the largest entry of a parameter, or to one
SAMPLES = 41
RUNS = 4
CUTS = ((0, 1, 1, 17, SAMPLES), (0, SAMPLES), (0, 3, 29, SAMPLES, SAMPLES))  # unequal blocks, some empty
Knowns = Mapping[str, Array]


def statistics_add_up(derivation: Derivation, module: GeneratedModule) -> str:
    """Split random data into blocks, merge their statistics and compare the update with the M-step on all data.

    Raises StepRefusedError where they differ, also where blocks are taken at different parameters.
    """
    if derivation.statistics is None:
        return f"none are offered: {derivation.why_no_statistics}"
    if not all(hasattr(module, name) for name in ("statistics", "merge", "update")):
        return "none are offered: there is no array code for those of the derivation"
    compared, worst, size = 0, 0.0, data_of(derivation).indices[0].size.name
    least = max(2, derivation.named_components) + derivation.other_components
    for run in range(RUNS):
        rng = np.random.default_rng(500 + run)
        components = least + run % 3
        X, knowns = draw_solvable(derivation, module, rng, SAMPLES, components, 2 + run % 3)
        weights = [rng.dirichlet(np.ones(components), size=SAMPLES) for _ in range(2)]
        try:
            points = [module.m_step(X, given, **knowns) for given in weights]
            expected = [_from_samples(module, X, knowns, at) for at in _starts(points)]
        except (ValueError, np.linalg.LinAlgError):
            continue  # a random problem whose covariance, say, is singular
        for at, wanted in zip(_starts(points), expected, strict=True):
            for cuts in CUTS:
                found = _from_blocks(module, X, knowns, at, cuts, size)
                worst, compared = max(worst, _difference(found, wanted)), compared + 1
    if not compared:
        raise StepRefusedError("sufficient statistics could not be tried: the M-step failed on all random data")
    return f"blocks of samples merged in {compared} ways give what the M-step gives, to {worst:.0e} relative"


def _starts(points: list[Any]) -> list[tuple[Any, Any]]:
    """The parameters at which the first half of the samples is taken, and the second."""
    first, second = points
    return [(first, first), (first, second)]


def _from_samples(module: GeneratedModule, X: Array, knowns: Knowns, at: tuple[Any, Any]) -> Any:  # noqa: ANN401 - a module's named tuple
    """The M-step on all data, where the samples before the middle have the responsibilities at the first parameters."""
    both = [module.e_step(X, parameters, **knowns) for parameters in at]
    half = SAMPLES // 2
    return module.m_step(X, np.concatenate([both[0][:half], both[1][half:]]), at[0], **knowns)


def _from_blocks(
    module: Any,  # noqa: ANN401 - a generated module with statistics
    X: Array,
    knowns: Knowns,
    at: tuple[Any, Any],
    cuts: tuple[int, ...],
    size: str,
) -> Any:  # noqa: ANN401 - a module's named tuple
    rows = np.arange(SAMPLES)
    blocks = []
    for first, last in pairwise(cuts):
        inside = rows[first:last]
        for parameters, part in zip(at, (inside[inside < SAMPLES // 2], inside[inside >= SAMPLES // 2]), strict=True):
            given = {name: value[part] if size in module.KNOWNS[name] else value for name, value in knowns.items()}
            blocks.append(module.statistics(X[part], parameters, **given))
    shared = {name: value for name, value in knowns.items() if size not in module.KNOWNS[name]}
    return module.update(reduce(module.merge, blocks), at[0], **shared)


def _difference(found: Any, expected: Any) -> float:  # noqa: ANN401 - two named tuples of arrays
    """The largest relative difference; raises StepRefusedError above the tolerance."""
    worst = 0.0
    for name, a, b in zip(expected._fields, found, expected, strict=True):
        if np.shape(a) != np.shape(b):
            raise StepRefusedError(f"update gives {name} of shape {np.shape(a)}, m_step of shape {np.shape(b)}")
        difference = float(np.max(np.abs(a - b)) / max(1.0, float(np.max(np.abs(b)))))
        if not difference <= TOLERANCE:
            raise StepRefusedError(f"{name}: merged statistics and m_step differ by {difference:.1e} relative")
        worst = max(worst, difference)
    return worst
