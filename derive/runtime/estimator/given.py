"""Parameters to start from, as a user gives them: checked, with scikit-learn's messages."""

import re
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_array

from derive.errors import DeriveError, InputError
from derive.runtime.estimator.covariance import shape_of

Array = NDArray[Any]

_WORDS = (
    (r" (with --columns|\(--columns 1\)|\(as by --tie\))", ""),
    (r"\buse -k\b", "use n_components ="),
    (r"(?<![\w-])-k\b", "n_components"),
    (r"--seed\b", "random_state"),
    (r"--n-init\b", "n_init"),
    (r"--max-iter\b", "max_iter"),
    (r"--known (\w+)=NUMBER", r'give it by knowns={"\1": number}'),
    (r"--known (\w+)=[A-Z|]+", r'give it by knowns={"\1": array}'),
    (r"--known\b", "knowns"),
)


class EstimatorError(InputError, ValueError):
    """Unusable parameters or data of an estimator; a ValueError, as scikit-learn's tools expect."""

    @classmethod
    def of(cls, error: DeriveError) -> "EstimatorError":
        """What the driver says, in the estimator's words: options of the command line are its parameters."""
        text = str(error)
        for option, word in _WORDS:
            text = re.sub(option, word, text)
        return cls(text)


def is_number_of_rows(value: Any) -> bool:
    """Whether this many rows can be drawn: a whole number from 1."""
    return isinstance(value, Integral) and int(value) >= 1


def given_weights(value: Any, components: int) -> Array:
    """Weights to start from, shape (K,). Raises EstimatorError for another shape, a range or a sum that is none."""
    weights = _array(value, (components,), "weights")
    if (weights < 0).any() or (weights > 1).any():
        # The largest and the smallest are exchanged in scikit-learn's message, which its tests ask for.
        raise EstimatorError(
            f"The parameter 'weights' should be in the range [0, 1], but got max value {weights.min():.5f}, "
            f"min value {weights.max():.5f}"
        )
    if not np.isclose(weights.sum(), 1, atol=1e-6 if weights.dtype == np.float32 else 1e-8):
        raise EstimatorError(
            f"The parameter 'weights' should be normalized, but got sum(weights) = {weights.sum():.5f}"
        )
    return weights


def given_means(value: Any, components: int, columns: int) -> Array:
    """Means to start from, shape (K, D). Raises EstimatorError for another shape."""
    return _array(value, (components, columns), "means")


def given_precisions(value: Any, structure: str, components: int, columns: int) -> Array:
    """Precisions to start from. Raises EstimatorError for another shape, or where they are not positive definite."""
    found = _array(value, shape_of(structure, components, columns), f"{structure} precision")
    if structure in {"diag", "spherical"}:
        if not (found > 0).all():
            raise EstimatorError(f"'{structure} precision' should be positive")
        return found
    symmetric = np.allclose(found, np.swapaxes(found, -1, -2))
    if not (symmetric and (np.linalg.eigvalsh(found) > 0).all()):
        raise EstimatorError(f"'{structure} precision' should be symmetric, positive-definite")
    return found


def _array(value: Any, shape: tuple[int, ...], name: str) -> Array:
    array = check_array(value, dtype=[np.float64, np.float32], ensure_2d=False, allow_nd=True, input_name=name)
    if array.shape != shape:
        raise EstimatorError(f"The parameter '{name}' should have the shape of {shape}, but got {array.shape}")
    return np.asarray(array)
