"""The problems on which a submitted M-step is tried: random ones of many kinds, and real data where they fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from derive.checking.draw import draw_known, draw_problem, sides
from derive.checking.submitted.problem import Arrays, Problem, Setting, axes
from derive.datasets import load_faithful
from derive.language.domain import Positive, Real

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Kind:
    """N, K and the number of coordinates, pairwise distinct; how the responsibilities are; scale and offset of X."""

    name: str
    samples: int
    components: int
    width: int
    responsibilities: str = "soft"
    scale: float = 1.0
    offset: float = 0.0
    correlated: bool = False
    whole: bool = False


_KINDS = (
    _Kind("soft responsibilities", 13, 2, 3),
    _Kind("hard responsibilities", 31, 3, 2, "hard"),
    _Kind("unequal weights", 37, 3, 4, "unequal"),
    _Kind("nearly hard responsibilities", 29, 4, 2, "sharp"),
    _Kind("a nearly empty component", 23, 3, 2, "nearly empty"),
    _Kind("one component", 17, 1, 3),
    _Kind("one coordinate", 19, 4, 1),
    _Kind("small numbers", 19, 2, 3, scale=1e-4),
    _Kind("large numbers", 23, 3, 2, "unequal", scale=1e4),
    _Kind("data far from zero", 29, 2, 3, offset=100.0),
    _Kind("correlated coordinates", 41, 2, 5, correlated=True),
    _Kind("whole numbers", 19, 3, 2, whole=True),
)


def problems(setting: Setting) -> Iterator[Problem]:
    """Random problems, each of its kind, then real data. Each has previous parameters, drawn at random."""
    for seed, kind in enumerate(_KINDS):
        yield _random(setting, kind, np.random.default_rng(7000 + seed))
    real = type(setting.data.domain) in {Real, Positive}
    if real and not setting.module.KNOWNS:
        X = load_faithful()
        for components in (2 + setting.regular[1], 3 + setting.regular[1]):
            rng = np.random.default_rng(components)
            chosen = X[:, 0].copy() if len(axes(setting.data)) == 1 else X
            gamma = _responsibilities("unequal", len(X), components, rng)
            name = f"Old Faithful, K = {components}"
            previous = _previous(setting, len(X), components, 2, {}, rng)
            yield _possible(Problem(setting, name, chosen, gamma, previous, {}))


def _random(setting: Setting, kind: _Kind, rng: np.random.Generator) -> Problem:
    components = kind.components + setting.regular[1]
    X, knowns = draw_problem(setting.derivation, rng, kind.samples, components, kind.width)
    X = np.asarray(X, dtype=np.float64)
    domain = setting.data.domain
    if type(domain) is Real:
        if kind.correlated and X.ndim > 1:
            X = X @ rng.normal(size=(X.shape[1], X.shape[1]))
        X = kind.offset + kind.scale * (np.round(X) if kind.whole else X)
    elif type(domain) is Positive:
        X = kind.scale * X
    gamma = _responsibilities(kind.responsibilities, kind.samples, components, rng)
    previous = _previous(setting, kind.samples, components, kind.width, knowns, rng)
    return _possible(Problem(setting, kind.name, X, gamma, previous, knowns))


def _possible(problem: Problem) -> Problem:
    """The problem without responsibilities of components of their own kind for samples that these cannot have made."""
    more = problem.setting.regular[1]
    if not more or problem.previous is None:
        return problem
    with np.errstate(all="ignore"):
        joint = problem.setting.module.log_joint(problem.X, problem.parameters(problem.previous), **problem.knowns)
    gamma = problem.responsibilities.copy()
    gamma[:, -more:] = np.where(np.isneginf(joint[:, -more:]), 0.0, gamma[:, -more:])
    gamma[gamma.sum(axis=1) == 0, :-more] = 1.0
    return replace(problem, responsibilities=gamma / gamma.sum(axis=1, keepdims=True))


def _previous(
    setting: Setting, samples: int, components: int, width: int, knowns: Arrays, rng: np.random.Generator
) -> Arrays:
    """Parameters drawn from their domains."""
    n, k = setting.plates
    base, more = setting.regular
    sizes = {n: samples, k: components, base: components - more} | sides(setting.derivation, width)
    families = setting.families
    drawn = {families[name].name: value for name, value in knowns.items()}
    return {
        name: np.asarray(draw_known(families[name], sizes, rng, drawn), dtype=np.float64) for name in setting.fields
    }


def _responsibilities(way: str, samples: int, components: int, rng: np.random.Generator) -> Array:
    """Rows that sum to one, shape (N, K)."""
    if way == "hard":  # by blocks of unequal size, none too small for a covariance
        shares = np.arange(1, components + 1) + 2.0
        labels = np.searchsorted(np.cumsum(shares / shares.sum()), (np.arange(samples) + 0.5) / samples)
        return np.asarray(np.eye(components)[rng.permutation(labels)])
    strengths = {"soft": np.ones(components), "sharp": np.full(components, 0.1)}
    gamma: Array = rng.dirichlet(strengths.get(way, np.arange(1, components + 1) / 2), size=samples)
    if way == "sharp":  # no component may be left with a point or two
        gamma = 0.98 * gamma + 0.02 / components
    if way == "nearly empty":
        gamma[:, -1] *= 1e-4
    return np.asarray(gamma / gamma.sum(axis=1, keepdims=True))
