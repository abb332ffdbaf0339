"""The code that picks values by their weights: extremes of those that count, weighted quantiles; and a support."""

from collections.abc import Callable

from derive.emission.special import HELPER
from derive.emission.text import Binding, Text
from derive.emission.views import FunctionView
from derive.errors import LoweringError
from derive.lowering.axis import Axis
from derive.lowering.node import Node, Number
from derive.lowering.picking import Extreme, Pick, Quantile

QUANTILE_NEEDED = f"{HELPER}weighted quantile"
QUANTILE = FunctionView(
    "_weighted_quantile(values: Array, weights: Array, level: float | Array) -> Array",
    "The smallest value up to which the share of all weight is at least the level, along the first axis.",
    ("level: 0.5 for the lower weighted median.",),
    (
        "values, weights = np.broadcast_arrays(values, weights)",
        "order = np.argsort(values, axis=0)",
        "below = np.cumsum(np.take_along_axis(weights, order, axis=0), axis=0)",
        "first = np.argmax(below >= level * below[-1], axis=0)",
        "found: Array = np.take_along_axis(np.take_along_axis(values, order, axis=0), first[np.newaxis], axis=0)[0]",
        "return found",
    ),
)


def inside(smaller: Text, larger: Text, dtype: str, relation: str = "<=") -> Text:
    """Return the text of the log of an indicator, in the type of the other arrays."""
    zero = f"{dtype}.type(0)" if dtype == "X.dtype" else f"{dtype}(0)"
    condition = f"{smaller.at_least(Binding.SUM)} {relation} {larger.at_least(Binding.SUM)}"
    return Text(f"np.where({condition}, {zero}, -np.inf)", smaller.axes or larger.axes)


def picked(node: Pick, text: Callable[[Node, tuple[Axis, ...] | None], Text], need: Callable[[str], None]) -> Text:
    """Return the text that picks values along the axis, which the arrays have first."""
    axes = (node.axis, *node.axes)
    value, weight = text(node.value, axes), text(node.weight, axes)
    if isinstance(node, Quantile):
        need(QUANTILE_NEEDED)
        level = text(node.level, node.axes).code
        return Text(f"_weighted_quantile({value.code}, {weight.code}, {level})", node.axes)
    if not isinstance(node, Extreme):
        raise LoweringError(f"no array code is written for {type(node).__name__}")
    which, empty = ("max", "-np.inf") if node.largest else ("min", "np.inf")
    if isinstance(node.weight, Number):
        return Text(f"{value.at_least(Binding.ATOM)}.{which}(axis=0)", node.axes)
    held = f"np.where({weight.at_least(Binding.SUM)} > 0, {value.code}, {empty})"
    return Text(f"{held}.{which}(axis=0)", node.axes)
