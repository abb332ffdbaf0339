"""Random data in clusters that a model accepts, found by offering kinds of numbers until one is taken.

A generated module refuses data outside of its domain, so that nothing about the model has to be known here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.benchmark.problem import Problem, softened, start
from derive.runtime.protocol import GeneratedModule, plates

Array = NDArray[Any]
Kind = Callable[[Array, np.random.Generator], Array]
_TRIED = 2000  # rows on which a kind is tried
_TOTAL = 20


def _proportions(real: Array) -> Array:
    powers = np.exp(real - real.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


#: What the numbers are, and how they come from real ones in clusters, shape (N, D).
KINDS: Mapping[str, Kind] = {
    "real numbers": lambda real, _: real,
    "unit vectors": lambda real, _: real / np.linalg.norm(real, axis=1, keepdims=True),
    "positive numbers": lambda real, _: np.exp(real / 2),
    "numbers above 1": lambda real, _: 1 + np.exp(real / 2),
    "numbers between 0 and 1": lambda real, _: 1 / (1 + np.exp(-real)),
    "proportions": lambda real, _: _proportions(real),
    "whole numbers from 0": lambda real, rng: rng.poisson(np.exp(1 + real / 2)).astype(float),
    "whole numbers from 1": lambda real, rng: 1.0 + rng.poisson(np.exp(1 + real / 2)),
    "zeros and ones": lambda real, rng: (rng.random(real.shape) < 1 / (1 + np.exp(-real))).astype(float),
    "counts with one total": lambda real, rng: rng.multinomial(_TOTAL, _proportions(real)).astype(float),
    "one-hot rows": lambda real, rng: rng.multinomial(1, _proportions(real)).astype(float),
}


def drawn(module: GeneratedModule, size: tuple[int, int, int], seed: int = 0) -> Problem:
    """A random problem of N rows, D columns and K components; known constants are 1, or normal numbers for vectors.

    Raises InputError as ``accepted_kind`` does.
    """
    return _problem(module, accepted_kind(module, size, seed), size, seed)


def accepted_kind(module: GeneratedModule, size: tuple[int, int, int], seed: int = 0) -> str:
    """The first of KINDS that the module takes, tried on few rows.

    Raises InputError for a size that the model cannot have, or where it takes none of these kinds of numbers.
    """
    N, D, K = size
    event = module.EVENT_SHAPE
    if not event and D != 1:
        raise InputError(f"{module.MODEL} is a model of single numbers: D is 1, not {D}; try --case {N},1,{K}")
    if len(event) > 1 or (event and not isinstance(event[0], str) and event[0] != D):
        raise InputError(f"{module.MODEL} has rows of another shape than ({D},); give data: --data FILE -k {K}")
    for kind in KINDS:
        try:
            _problem(module, kind, (min(N, max(_TRIED, 10 * D * K)), D, K), seed)
        except InputError:
            continue
        return kind
    raise InputError(
        f"no random data were found that {module.MODEL} accepts; give data of your own: --data FILE -k {K}"
    )


def _problem(module: GeneratedModule, kind: str, size: tuple[int, int, int], seed: int) -> Problem:
    N, D, K = size
    rng = np.random.default_rng(seed)
    labels = rng.integers(K, size=N)
    centres = 1.5 * rng.normal(size=(K, D))
    real = rng.normal(size=(N, D))
    real += centres[labels]
    X = KINDS[kind](real, rng)
    if len(X) > 1 and (X[0] == X).all():
        raise InputError(f"{kind} of one column are all alike")
    if not module.EVENT_SHAPE:
        X = X[:, 0]
    knowns = _knowns(module, N, D, K, rng)
    return Problem(module, X, start(module, X, softened(labels, K), knowns), f"random {kind} in {K} clusters", knowns)


def _knowns(module: GeneratedModule, N: int, D: int, K: int, rng: np.random.Generator) -> dict[str, Array]:
    letter, others = plates(module)
    sizes: dict[str | int, int] = {"D": D, others: K, letter: N}
    found: dict[str, Array] = {}
    for name, shape in module.KNOWNS.items():
        if not shape:
            found[name] = np.array(1.0)
            continue
        if shape[0] != letter:
            raise InputError(f"{module.MODEL} needs {name!r}, which is not drawn; give data: --data FILE --known ...")
        lengths = [length if isinstance(length, int) else sizes.get(length, 3) for length in shape]
        found[name] = np.ones(N) if len(lengths) == 1 else rng.normal(size=lengths)
    return found
