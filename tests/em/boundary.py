"""Models whose maximum need not be a stationary point, and what their generated M-steps are held against."""

from collections.abc import Callable
from typing import Any

import numpy as np

from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import Data, Expr, Index, Parameter, Simplex
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule
from tests.language.floats import Array

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
x, table = Data("x", n), Data("x", n, d)
pi = Parameter("pi", k, domain=Simplex, code="weights")


def mixture(log_density: Expr, **more: Any) -> Mixture:
    return Mixture("on-the-edge", pi, log_density, **more)


def built(model: Mixture) -> tuple[Derivation, GeneratedModule]:
    derivation = derive_em(model)
    return derivation, load_source(render_module(derivation), "on_the_edge")


def responsibilities(rng: np.random.Generator, samples: int, components: int) -> Array:
    """Unequal weights, some of them zero."""
    found = rng.dirichlet(np.arange(1, components + 1), size=samples)
    found[rng.random(found.shape) < 0.3] = 0
    found[found.sum(axis=1) == 0, 0] = 1
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def best_on_a_grid(q: Callable[[Array], Array], low: float, high: float) -> float:
    """Return where q is largest between two ends, by grids that close in: it knows no derivative, and no kink."""
    points, at = np.linspace(low, high, 401), 0
    with np.errstate(all="ignore"):
        for _ in range(8):
            points = np.linspace(low, high, 401)
            at = int(np.argmax(q(points)))
            low, high = points[max(at - 1, 0)], points[min(at + 1, 400)]
    return float(points[at])
