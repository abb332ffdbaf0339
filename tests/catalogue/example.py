"""What the tests of the catalogue need to know of a model: how to draw data, and its log density by other means."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.em import derive_em
from derive.emission.module import render_module
from derive.models.load import load_model
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule

Array = NDArray[Any]
Knowns = dict[str, Array]
SIZES = ((23, 3, 2), (31, 2, 4), (37, 5, 3))  # N, D, K, pairwise distinct


@dataclass(frozen=True)
class Example:
    """A model of the catalogue as the tests see it; nothing here comes from the package.

    sample: draws data of N rows and D coordinates (if the model has such), and known constants by name.
    log_density: log f(x_n | theta_k) of data, parameters (by name) and knowns, shape (N, K), as SciPy has it.
    outside: values that the data must not hold. gap: by how much Q at the update may fall short of its maximum,
    relative. sweeps: how many M-steps, each starting from the one before, reach the maximum of Q.
    latent: whether Q holds moments of a latent variable: it is no sum of the log densities (see tests.em.test_latent).
    """

    name: str
    sample: Callable[[np.random.Generator, int, int], tuple[Array, Knowns]]
    log_density: Callable[[Array, Any, Knowns], Any]
    outside: tuple[float, ...] = ()
    gap: float = 1e-9
    sweeps: int = 1
    latent: bool = False


@dataclass(frozen=True)
class Problem:
    """Data, known constants, and responsibilities with unequal weights."""

    X: Array
    knowns: Knowns
    responsibilities: Array


@cache
def mixture(name: str) -> Mixture:
    """Return the description."""
    return load_model(name)


@cache
def derivation(name: str) -> Derivation:
    """Return the derivation, made once."""
    return derive_em(mixture(name))


@cache
def module(name: str) -> GeneratedModule:
    """Return the module that the catalogue generates now."""
    return load_source(render_module(derivation(name)), name)


def problem(example: Example, sizes: tuple[int, int, int], seed: int) -> Problem:
    """Draw a problem of these N, D, K."""
    rng = np.random.default_rng(seed)
    samples, width, components = sizes
    X, knowns = example.sample(rng, samples, width)
    return Problem(X, knowns, rng.dirichlet(rng.uniform(0.5, 2.0, components), size=samples))


def m_step(example: Example, given: Problem) -> Any:
    """Return the parameters that the generated M-step finds, after as many sweeps as the model needs."""
    code, found = module(example.name), None
    for _ in range(example.sweeps):
        found = code.m_step(given.X, given.responsibilities, found, **given.knowns)
    return found


def log_joint(example: Example, X: Array, parameters: Any, knowns: Knowns) -> Array:
    """Return log weight plus log density, with SciPy's density."""
    return np.asarray(np.log(parameters.weights) + example.log_density(X, parameters, knowns))
