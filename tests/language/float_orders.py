"""Nodes that compare, in floating point: larger and smaller, extremes and quantiles, supports."""

from collections.abc import Callable
from typing import Any

import numpy as np

from derive.language import indicator, larger, reductions
from derive.language.expr import Expr


def _members(at: Any, e: Any, env: Any) -> tuple[Any, Any]:
    count = at.sizes[e.index.size.name]
    both = [[float(at(part, env | {e.index: i})[0, 0]) for part in (e.value, e.weight)] for i in range(count)]
    values, weights = np.array(both).T
    return values, weights


def _extreme(at: Any, e: Any, env: Any) -> Any:
    values, weights = _members(at, e, env)
    picked = values[weights > 0]
    return np.full((1, 1), picked.max() if e.largest else picked.min())


def _quantile(at: Any, e: Any, env: Any) -> Any:
    values, weights = _members(at, e, env)
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) >= float(at(e.level, env)[0, 0]) * weights.sum()
    return np.full((1, 1), values[order][int(np.argmax(reached))])


def _support(at: Any, e: Any, env: Any) -> Any:
    return np.where(at(e.smaller, env) <= at(e.larger, env), 0.0, -np.inf)


ORDERS: dict[type[Expr], Callable[[Any, Any, Any], Any]] = {
    larger.Larger: lambda at, e, env: np.maximum(at(e.first, env), at(e.second, env)),
    larger.Smaller: lambda at, e, env: np.minimum(at(e.first, env), at(e.second, env)),
    larger.Sign: lambda at, e, env: np.sign(at(e.arg, env)),
    larger.Holds: lambda at, e, env: (at(e.smaller, env) <= at(e.larger, env)).astype(float),
    reductions.Extreme: _extreme,
    reductions.Quantile: _quantile,
    reductions.Share: lambda at, e, env: at(e.definition, env),
    indicator.Support: _support,
}
