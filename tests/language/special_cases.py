"""Special functions of the symbols of ``expressions``, with their values by SciPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special as scipy_special

from derive.language import (
    Expr,
    absolute,
    atan2,
    bessel_ratio,
    cos,
    digamma,
    log_bessel_i,
    loggamma,
    polygamma,
    sin,
    trigamma,
)
from tests.language.expressions import D, a, k, u

p = u[k] / 50  # of moderate size
q = a[k] / 50
ORDER = D / 2 - 1  # 0 at D = 2
CASES: dict[str, tuple[Expr, Expr, Callable[[Any], Any]]] = {
    "loggamma": (loggamma(p), p, scipy_special.gammaln),
    "digamma": (digamma(p), p, scipy_special.digamma),
    "trigamma": (trigamma(p), p, lambda x: scipy_special.polygamma(1, x)),
    "tetragamma": (polygamma(2, p), p, lambda x: scipy_special.polygamma(2, x)),
    "log Bessel, order of a size": (log_bessel_i(ORDER, p), p, lambda x: np.log(scipy_special.ive(0, x)) + x),
    "log Bessel, order of a number": (log_bessel_i(D - 1, p), p, lambda x: np.log(scipy_special.ive(1, x)) + x),
    "log Bessel, half": (log_bessel_i(D / 4, p), p, lambda x: np.log(scipy_special.ive(0.5, x)) + x),
    "Bessel ratio": (bessel_ratio(ORDER, p), p, lambda x: scipy_special.ive(1, x) / scipy_special.ive(0, x)),
    "Bessel ratio, order -1/2": (bessel_ratio(D / 4 - 1, p), p, np.tanh),
    "cosine": (cos(q), q, np.cos),
    "sine": (sin(q), q, np.sin),
    "angle": (atan2(q, p - 3), q, lambda x: x),  # compared apart: two arguments
    "absolute value": (absolute(q), q, np.abs),
    "formula as exponent": (p**q, q, lambda x: x),
    "number as base": (3**q, q, lambda x: 3.0**x),
}
