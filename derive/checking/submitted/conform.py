"""Whether a submitted result is one at all: shapes, finite numbers, each parameter in its domain."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.members import strays
from derive.checking.submitted.problem import Arrays, Problem
from derive.language.domain import Domain
from derive.language.family import Family
from derive.runtime.letters import spell

ROUNDING = 1e-9  # of a sum that should be one, and of a symmetric matrix, relative

_SINGULAR = 1e-9  # smallest eigenvalue over the largest


def unfit(problem: Problem, head: Mapping[str, Any], found: Mapping[str, NDArray[Any]], expected: Arrays) -> str:
    """What is wrong with the result of a call, in one line that names the parameter; empty where nothing is.

    expected: a right result, for its shapes.
    """
    shapes = {name: tuple(shape) for name, shape in dict(head.get("shapes", {})).items()}
    for name, right in expected.items():
        shape = shapes.get(name)
        if shape != right.shape:
            letters = spell(problem.setting.module.PARAMETER_SHAPES[name])
            wrong = "has no shape" if shape is None else f"has shape {spell(shape)}"
            return f"{name} {wrong}; {spell(right.shape)} is needed, that is {letters}"
        if name not in found:
            return f"{name} has shape {spell(shape)}, but could not be transmitted"
    for name, value in found.items():
        if name in expected and (fault := outside(problem.setting.families[name], value)):
            kind = str(dict(head.get("types", {})).get(name, "float64"))
            return f"{name} {fault}{'' if kind == 'float64' else f' (it is computed in {kind})'}"
    for name in expected:
        if fault := strays(found[name], problem.given(name, found[name].shape)):
            return f"{name} {fault}"
    return ""


def outside(family: Family, value: NDArray[Any]) -> str:
    """How an array leaves the domain of its family; empty where it does not."""
    if not np.isfinite(value).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        return f"holds {value[where]} at {spell(where)}"
    domain = family.domain
    if domain.sums_to_one:
        sums = np.asarray(value.sum(axis=-1)).ravel()
        worst = sums[np.argmax(np.abs(sums - 1))]
        if abs(worst - 1) > ROUNDING:
            return f"should sum to one, but sums to {float(worst):.10g}"
    if domain.unit:
        lengths = np.linalg.norm(value, axis=-1).ravel()
        worst = lengths[np.argmax(np.abs(lengths - 1))]
        return f"should have length one, but has {float(worst):.10g}" if abs(worst - 1) > ROUNDING else ""
    if domain.structure == "symmetric" and value.ndim >= 2:
        return _matrix(domain.positive, value)
    if domain.nonnegative and (value < 0).any():
        return f"should be {'positive' if domain.positive else 'nonnegative'}, but holds {float(value.min()):.6g}"
    if domain.positive and not domain.sums_to_one and (value == 0).any():
        return "should be positive, but holds 0"
    return _bounded(domain, value)


def _bounded(domain: Domain, value: NDArray[Any]) -> str:
    if domain.at_most_one and not domain.sums_to_one and (value > 1).any():
        return f"should be at most 1, but holds {float(value.max()):.6g}"
    if domain.below_one and (value == 1).any():
        return "should be less than 1, but holds 1"
    if domain.integer and (value != np.round(value)).any():
        return "should hold whole numbers"
    return ""


def regular(family: Family, value: NDArray[Any]) -> bool:
    """Whether a value is well inside of its domain: a matrix that is singular but for rounding is not."""
    if outside(family, value):
        return False
    if family.domain.structure != "symmetric" or not family.domain.positive:
        return True
    values = np.linalg.eigvalsh(value)
    return bool((values[..., 0] > _SINGULAR * values[..., -1]).all())


def _matrix(definite: bool, value: NDArray[Any]) -> str:  # noqa: FBT001 - a property of the domain
    scale = max(float(np.abs(value).max()), np.finfo(float).tiny)
    asymmetry = float(np.abs(value - np.swapaxes(value, -1, -2)).max())
    if asymmetry > ROUNDING * scale:
        return f"is not symmetric: an entry differs from its mirror image by {asymmetry:.3g}"
    if definite:
        smallest = np.linalg.eigvalsh(value).min()
        if not smallest > 0:
            return f"is not positive definite: it has the eigenvalue {smallest:.3g}"
    return ""
