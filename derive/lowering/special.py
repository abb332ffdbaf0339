"""Special functions of array entries: their node, how expressions become it, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from derive.language.larger import Smaller
from derive.language.special import PolyGamma, SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.lowering.node import Node
from derive.lowering.operations import Elementwise

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Special(Elementwise):
    """A special function of matching entries. name: as in a model file; a power with an array as exponent is "power".

    order: which derivative of digamma "polygamma" is.
    """

    name: str
    order: int = 0


MEANINGS: dict[str, Callable[..., Any]] = {
    "loggamma": special.gammaln,
    "log_bessel_i": lambda order, x: np.log(special.ive(order, x)) + x,
    "bessel_ratio": lambda order, x: special.ive(order + 1, x) / special.ive(order, x),
    "cos": np.cos,
    "sin": np.sin,
    "atan2": np.arctan2,
    "absolute": np.abs,
    "max": np.maximum,
    "min": np.minimum,
    "clip": np.clip,
    "point_mass": lambda value, point: np.where(value == point, 0.0, -np.inf),
    "support": lambda smaller, larger: np.where(smaller <= larger, 0.0, -np.inf),
    "power": np.power,
}


def lowered(expr: SpecialFunction | SymbolicPower, args: tuple[Node, ...]) -> Node:
    """Return the node of a special function at lowered arguments."""
    if isinstance(expr, SymbolicPower):
        return Special(args, "power")
    if isinstance(expr, PolyGamma):
        return Special(args, "polygamma", expr.order)
    if isinstance(expr, Smaller) and isinstance(inner := args[1], Special) and inner.name == "max":
        low, value = inner.args
        return Special((value, low, args[0]), "clip")
    return Special(args, expr.title)


def meaning(node: Special, values: tuple[Array, ...]) -> Array:
    """Return the value of a special function at arrays that broadcast against each other."""
    if node.name == "polygamma":
        return np.asarray(special.polygamma(node.order, *values))
    return np.asarray(MEANINGS[node.name](*values))
