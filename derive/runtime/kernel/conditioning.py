"""Matrices that are so near to singular that no strategy keeps the digits, and the warning that says so.

A solve by Cholesky factors loses as many digits as the matrix's condition has, once its diagonal is scaled to ones: van
der Sluis 1969, Condition Numbers and Equilibration of Matrices; Higham 2002, Accuracy and Stability of Numerical
Algorithms, section 10.1.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
MOST_LOST = {"float64": 1e-6, "float32": 1e-2}  # eps times condition: about how far a log joint may be wrong


def warn_of_lost_digits(module: Any, parameters: Any, dtype: Any) -> bool:
    """Give a RuntimeWarning if a symmetric matrix among the parameters is near to singular for numbers of this type.

    Returns whether it did.
    """
    for name, shape in module.PARAMETER_SHAPES.items():
        if len(shape) > 1 and shape[-1] == shape[-2]:
            matrices = np.asarray(getattr(parameters, name), np.float64)
            matrices = matrices.reshape(-1, *matrices.shape[-2:])
            conditions = np.array([scaled_condition(matrix) for matrix in matrices])
            worst = int(np.argmax(conditions))
            lost = float(np.finfo(dtype).eps * conditions[worst])
            if lost > MOST_LOST[np.dtype(dtype).name]:
                which = f"{name}[{worst}]" if len(shape) > 2 else name
                digits = max(int(-np.log10(lost)), 0)
                warnings.warn(
                    f"{which} is nearly singular (a condition of {conditions[worst]:.0e} once its diagonal is ones): "
                    f"results may have {digits} right digits; leave out columns that are nearly sums of others, "
                    "use a prior, or a model with fewer parameters",
                    RuntimeWarning,
                    stacklevel=3,
                )
                return True
    return False


def scaled_condition(matrix: Array) -> float:
    """Return the condition of a symmetric matrix once its diagonal is ones; one for a matrix of another kind."""
    roots = np.sqrt(np.diagonal(matrix))
    if not np.isfinite(matrix).all() or not (roots > 0).all() or not np.allclose(matrix, matrix.T):
        return 1.0
    values = np.linalg.eigvalsh(matrix / roots[:, np.newaxis] / roots)
    return float(values[-1] / max(values[0], np.finfo(np.float64).tiny))
