"""Pictures of a class: how often each mistake occurred, and how the scores are spread; as SVG inside of a page."""

import base64
import io
import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from derive.checking.feedback.clean import shortened

_MOST = 25  # bars of a picture
_RED, _BLUE = "#b3261e", "#1f5f8b"


def mistakes_picture(counts: Mapping[str, int], students: int) -> str:
    """How many students made each mistake, the most frequent first; as the address of an image in a page."""
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    figure = Figure(figsize=(7.5, 0.6 + 0.3 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    names = [shortened(name.replace("-", " "), 60).replace("$", r"\$") for name, _ in shown]
    bars = axes.barh(range(len(shown)), [count for _, count in shown], color=_RED, height=0.7)
    axes.bar_label(bars, padding=3)
    axes.set_yticks(range(len(shown)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, max(count for _, count in shown) * 1.12)
    axes.set_xlabel(f"hand-ins in which it occurred, of {students}")
    return _address(figure, axes, axes.xaxis)


def scores_picture(scores: Sequence[float], most: float) -> str:
    """How many students have how many points; as the address of an image in a page."""
    figure = Figure(figsize=(7.5, 2.4), layout="constrained")
    axes = figure.add_subplot()
    steps = 10
    width = most / steps if most else 1.0
    counts = [0] * steps
    for score in scores:
        counts[min(steps - 1, max(0, math.floor(score / width + 1e-9)))] += 1
    axes.bar([(i + 0.5) * width for i in range(steps)], counts, width=0.92 * width, color=_BLUE)
    axes.set_xlim(0, steps * width)
    axes.set_xlabel(f"points, of {most:g}")
    axes.set_ylabel("hand-ins")
    return _address(figure, axes, axes.yaxis)


def _address(figure: Figure, axes: Axes, counted: object) -> str:
    axes.spines[["top", "right"]].set_visible(False)
    if hasattr(counted, "set_major_locator"):
        counted.set_major_locator(MaxNLocator(integer=True))
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
