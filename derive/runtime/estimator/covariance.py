"""The four covariance structures of Gaussian mixtures: their modules, precisions, factors and regularisation.

P is a precision matrix, the inverse of a covariance matrix Σ = L Lᵀ; its factor is U = L⁻ᵀ, upper triangular, P = U Uᵀ.
Shapes of covariances, precisions and factors alike: full (K, D, D), tied (D, D), diag (K, D), spherical (K,).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from derive.runtime.load import load_generated
from derive.runtime.protocol import GeneratedModule

Array = NDArray[Any]

MODELS = {
    "full": "gaussian-full",
    "tied": "gaussian-tied",
    "diag": "gaussian-diagonal",
    "spherical": "gaussian-spherical",
}
_MATRICES = ("full", "tied")


def module_of(structure: str) -> GeneratedModule:
    """The generated module of the structure."""
    return load_generated(MODELS[structure])


def shape_of(structure: str, components: int, columns: int) -> tuple[int, ...]:
    """The shape of the covariances."""
    sizes = {"K": components, "D": columns}
    return tuple(sizes[str(letter)] for letter in module_of(structure).PARAMETER_SHAPES["covariances"])


def regularised(covariances: Array, structure: str, amount: float) -> Array:
    """Σ + r I. Raises LinAlgError where a variance is not positive even so."""
    added = covariances.dtype.type(amount)
    changed = covariances + (
        added * np.eye(covariances.shape[-1], dtype=covariances.dtype) if structure in _MATRICES else added
    )
    variances = np.diagonal(changed, axis1=-2, axis2=-1) if structure in _MATRICES else changed
    if not (variances > 0).all():
        raise np.linalg.LinAlgError("a variance is zero")
    return np.asarray(changed)


def factors(covariances: Array, structure: str) -> Array:
    """U of each covariance. Raises LinAlgError for one that is not positive definite."""
    if structure not in _MATRICES:
        if not (covariances > 0).all():
            raise np.linalg.LinAlgError("a variance is not positive")
        return np.asarray(1 / np.sqrt(covariances))
    lower = np.linalg.cholesky(covariances)
    unit = np.eye(lower.shape[-1], dtype=lower.dtype)
    return np.asarray(np.swapaxes(_solved(lower, unit), -1, -2))


def precisions(factor: Array, structure: str) -> Array:
    """P = U Uᵀ of each factor."""
    return np.asarray(factor @ np.swapaxes(factor, -1, -2) if structure in _MATRICES else np.square(factor))


def covariances_of(given: Array, structure: str) -> Array:
    """The covariances of given precisions, by their Cholesky factors."""
    if structure not in _MATRICES:
        return np.asarray(1 / given)
    lower = np.linalg.cholesky(given)
    half = _solved(lower, np.eye(lower.shape[-1], dtype=lower.dtype))
    return np.asarray(np.swapaxes(half, -1, -2) @ half)


def _solved(lower: Array, unit: Array) -> Array:
    """L⁻¹ of each lower triangular matrix."""
    if lower.ndim == 2:
        return np.asarray(solve_triangular(lower, unit, lower=True))
    return np.stack([solve_triangular(one, unit, lower=True) for one in lower])
