"""Typical mistakes in what becomes of an update's value: its root, its inverse, its diagonal, one for all."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.problem import Arrays, Problem, Setting
from derive.language.family import Family

Array = NDArray[np.float64]
Change = Callable[[Array, Arrays, Problem], NDArray[Any]]
GAMMA = "responsibilities"


def results(code: str, family: Family, setting: Setting) -> Iterator[tuple[str, str, Change]]:
    """Name, sentence and change of each mistake for one parameter."""
    yield "never-updated", f"the {code} are never updated", lambda a, i, p: (p.previous or {})[code]
    if family.domain.sums_to_one:
        yield from _of_simplex(code)
    plated = bool(family.indices)
    if plated:
        says = f"the {code} of the last component are returned for all"
        yield "last-component", says, lambda a, i, p: np.broadcast_to(a[-1], a.shape)
        says = f"the {code} are the same for all components: they are averaged with the weights of the components"
        yield "tied", says, lambda a, i, p: np.broadcast_to(np.tensordot(i[GAMMA].mean(axis=0), a, 1), a.shape)
        yield (
            "mean-over-components",
            f"the {code} are averaged over the components",
            lambda a, i, p: np.broadcast_to(a.mean(axis=0), a.shape),
        )
        yield (
            "all-components-summed",
            f"the {code} are summed over the components",
            lambda a, i, p: np.broadcast_to(a.sum(axis=0), a.shape),
        )
        yield "components-reversed", f"the {code} of the components are in the reverse order", lambda a, i, p: a[::-1]
    if family.domain.positive and not family.domain.sums_to_one:
        yield from _of_positive(code, family)
    yield "factor-two", f"the {code} are twice too large", lambda a, i, p: 2 * a
    yield "half-too-many", f"the {code} are halved", lambda a, i, p: a / 2
    yield "sign", f"the {code} have the wrong sign", lambda a, i, p: -a
    yield "zero", f"the {code} are left at zero", lambda a, i, p: np.zeros_like(a)
    if plated and not family.domain.sums_to_one:
        yield "divided-twice", f"the {code} are divided by N_k twice", lambda a, i, p: a / _plated(_counts(i), a)
        says = f"the {code} are divided by N_k - sum of squares / N_k, as sample covariances with weights are"
        yield "bessel", says, lambda a, i, p: a * _plated(_counts(i) / _unbiased(i), a)
        yield "divided-by-n-besides", f"the {code} are divided by N besides", lambda a, i, p: a / len(p.X)
        weights = setting.module.WEIGHTS
        if weights in setting.module.PARAMETER_SHAPES:
            says = f"the {code} are multiplied by the {weights} besides"
            yield "weights-besides", says, lambda a, i, p: a * _plated(_counts(i) / len(p.X), a)
            says = f"the {code} are divided by the old {weights} times N, not by N_k"
            yield (
                "old-weights",
                says,
                lambda a, i, p: a * _plated(_counts(i) / (len(p.X) * (p.previous or {})[weights]), a),
            )


def _of_simplex(code: str) -> Iterator[tuple[str, str, Change]]:
    yield "uniform", f"all {code} are equal", lambda a, i, p: np.full(a.shape, 1 / a.shape[-1])
    yield "divided-by-k", f"the {code} are N_k / K, not N_k / N", lambda a, i, p: a * len(p.X) / a.shape[-1]
    yield "not-divided", f"the {code} are not divided by their sum", lambda a, i, p: a * len(p.X)
    yield "divided-by-k-besides", f"the {code} are divided by K besides", lambda a, i, p: a / a.shape[-1]
    yield "bessel", f"the {code} are divided by N - 1", lambda a, i, p: a * len(p.X) / (len(p.X) - 1)
    yield (
        "weights-squared",
        f"the {code} are multiplied by the old ones",
        lambda a, i, p: _normal(a * (p.previous or {})[code]),
    )
    yield (
        "weights-squared",
        f"the {code} are multiplied by the old ones, and not normalised",
        lambda a, i, p: a * (p.previous or {})[code],
    )
    yield "softmax", f"the {code} are made to sum to one by a softmax", lambda a, i, p: _normal(np.exp(a))
    yield "inverse-returned", f"the {code} are upside down: N / N_k", lambda a, i, p: 1 / a
    yield (
        "averaged-with-old",
        f"the {code} are averaged with the old ones",
        lambda a, i, p: (a + (p.previous or {})[code]) / 2,
    )
    yield (
        "normalised-over-components",
        f"the {code} sum to one over the wrong axis",
        lambda a, i, p: a / a.sum(axis=0) if a.ndim > 1 else a,
    )
    yield "root-returned", f"the roots of the {code} are returned", lambda a, i, p: np.sqrt(a)


def _of_positive(code: str, family: Family) -> Iterator[tuple[str, str, Change]]:
    dense = family.domain.side is not None and family.domain.structure not in {"diagonal", "spherical"}
    if not dense:
        says = f"the square root of the {code} is returned, as a standard deviation for a variance"
        yield "standard-deviation-for-variance", says, lambda a, i, p: np.sqrt(a)
        yield "square-returned", f"the square of the {code} is returned", lambda a, i, p: a**2
        yield "inverse-returned", f"1 over the {code} is returned", lambda a, i, p: 1 / a
        return
    eye = np.eye
    yield "diagonal-only", f"only the diagonal of the {code} is computed", lambda a, i, p: a * eye(a.shape[-1])
    yield (
        "standard-deviation-for-variance",
        f"roots of the entries of the {code} are returned",
        lambda a, i, p: np.sqrt(np.abs(a)),
    )
    yield (
        "standard-deviation-for-variance",
        f"roots of the diagonal of the {code} are returned",
        lambda a, i, p: np.sqrt(np.abs(a)) * eye(a.shape[-1]),
    )
    yield "cholesky-returned", f"Cholesky factors of the {code} are returned", lambda a, i, p: np.linalg.cholesky(a)
    yield "inverse-returned", f"the inverse of the {code} is returned", lambda a, i, p: np.linalg.inv(a)
    says = f"the {code} are one variance times the identity"
    yield (
        "spherical-only",
        says,
        lambda a, i, p: np.trace(a, axis1=-2, axis2=-1)[..., np.newaxis, np.newaxis] / a.shape[-1] * eye(a.shape[-1]),
    )
    yield "diagonal-lost", f"the {code} are without their diagonal", lambda a, i, p: a * (1 - eye(a.shape[-1]))
    yield "triangle-only", f"only a triangle of the {code} is computed", lambda a, i, p: np.tril(a)
    yield "triangle-only", f"only a triangle of the {code} is computed", lambda a, i, p: np.triu(a)
    yield "identity-added", f"the identity is added to the {code}", lambda a, i, p: a + eye(a.shape[-1])
    yield "absolute-values", f"the {code} have absolute values for entries", lambda a, i, p: np.abs(a)
    yield "identity", f"the {code} are the identity", lambda a, i, p: np.broadcast_to(eye(a.shape[-1]), a.shape)


def _counts(inputs: Arrays) -> Array:
    return np.asarray(inputs[GAMMA].sum(axis=0))


def _unbiased(inputs: Arrays) -> Array:
    counts = _counts(inputs)
    return np.asarray(counts - (inputs[GAMMA] ** 2).sum(axis=0) / counts)


def _plated(numbers: Array, array: Array) -> Array:
    return numbers.reshape((-1,) + (1,) * (array.ndim - 1))


def _normal(values: Array) -> Array:
    return np.asarray(values / values.sum(axis=-1, keepdims=True))
