"""The picture of a fit: clusters with their densities, and the objective by iteration."""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from derive.runtime.dataset import as_events
from derive.runtime.densities import is_known_by_row, log_joint_inside
from derive.runtime.em import FitResult
from derive.runtime.letters import coordinate
from derive.runtime.predict import predict
from derive.runtime.protocol import Array, GeneratedModule, shared_plate
from derive.runtime.shapes import check_knowns, sizes_of

# Okabe and Ito's palette, told apart by readers with any colour vision; markers help where it runs out.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")
_MARKERS = "os^Dv<>P*X"
_INK = "#333333"
_SPREAD = 0.3  # of whole numbers to either side
_MARKED = 40  # iterations that are marked one by one; more would run together
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 11,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "svg.hashsalt": "derive",
}
FORMATS = ("png", "svg", "pdf")


def render(
    module: GeneratedModule,
    X: NDArray[Any],
    result: FitResult,
    columns: Sequence[str],
    *,
    knowns: Mapping[str, Array] | None = None,
    file_format: str = "png",
) -> bytes:
    """The picture as the content of a PNG, SVG or PDF file.

    X: the data that were fitted. columns: labels of its columns. Scalar data are shown as a histogram with the
    components' densities; of vectors, the two columns that the components separate best, with ellipses of two standard
    deviations where the model has covariances. Whole numbers are spread a little, for many rows would hide each other.
    """
    buffer = io.BytesIO()
    picture = figure(module, X, result, columns, knowns=knowns)
    with mpl.rc_context(_STYLE):
        picture.savefig(buffer, format=file_format, dpi=160, metadata=_undated(file_format))
    return buffer.getvalue()


def figure(
    module: GeneratedModule,
    X: NDArray[Any],
    result: FitResult,
    columns: Sequence[str],
    *,
    knowns: Mapping[str, Array] | None = None,
) -> Figure:
    """The same as a Matplotlib figure that belongs to no window."""
    with mpl.rc_context(_STYLE):
        return _drawn(module, X, result, columns, knowns)


def _drawn(
    module: GeneratedModule,
    X: NDArray[Any],
    result: FitResult,
    columns: Sequence[str],
    knowns: Mapping[str, Array] | None,
) -> Figure:
    picture = Figure(figsize=(10.5, 4.8), layout="constrained")
    clusters, progress = picture.subplots(1, 2, width_ratios=(3, 2))
    events = as_events(X, module.EVENT_SHAPE, model=module.MODEL)
    labels = predict(module, events, result.parameters, knowns=knowns).labels
    shared = _components(module, result.parameters)
    k = shared + shared_plate(module)[1]
    table = events.reshape(len(events), -1)
    if table.shape[1] == 1:
        constants = check_knowns(module, knowns or {}, sizes_of(module, len(events), shared, 1))
        _histogram(clusters, module, events, result.parameters, labels, k, constants)
        clusters.set_xlabel(_axis_label(columns[0]))
    else:
        i, j = _best_pair(table, labels)
        _scatter(clusters, table[:, [i, j]], labels, k)
        _ellipses(clusters, module, result.parameters, (i, j))
        clusters.set_xlabel(_axis_label(columns[i]))
        clusters.set_ylabel(_axis_label(columns[j]))
    clusters.set_title(f"{module.MODEL}, K = {shared}")
    clusters.legend(frameon=False, fontsize=9, title="component", title_fontsize=9, ncols=1 + k // 8)
    _progress(progress, result)
    return picture


def _components(module: GeneratedModule, parameters: Any) -> int:
    letter, others = shared_plate(module)
    all_components = f"{letter} + {others}"
    for (_, shape), value in zip(module.PARAMETER_SHAPES.items(), parameters, strict=True):
        if letter in shape:
            return int(np.shape(value)[shape.index(letter)])
        if all_components in shape:
            return int(np.shape(value)[shape.index(all_components)]) - others
    return 1


def _axis_label(column: str) -> str:
    return f"column {column}" if column.isdigit() else column


def _colour(k: int) -> str:
    return _COLOURS[k % len(_COLOURS)]


def _best_pair(table: NDArray[Any], labels: NDArray[np.intp]) -> tuple[int, int]:
    """The two columns, in their order, with the largest share of variance between the components."""
    total = table.var(axis=0)
    means = np.stack([table[labels == k].mean(axis=0) for k in np.unique(labels)])
    counts = np.unique(labels, return_counts=True)[1]
    between = (counts[:, None] * np.square(means - table.mean(axis=0))).sum(axis=0) / len(table)
    share = np.divide(between, total, out=np.zeros_like(total), where=total > 0)
    first, second = sorted(np.argsort(-share, kind="stable")[:2])
    return int(first), int(second)


def _scatter(axes: Axes, points: NDArray[Any], labels: NDArray[np.intp], k: int) -> None:
    size = float(np.clip(9000 / len(points), 4, 30))
    if _is_whole(points):
        points = points + np.random.default_rng(0).uniform(-_SPREAD, _SPREAD, points.shape)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    for component in range(k):
        mine = points[labels == component]
        marker = _MARKERS[component % len(_MARKERS)]
        axes.scatter(
            mine[:, 0],
            mine[:, 1],
            s=size,
            marker=marker,
            color=_colour(component),
            alpha=0.65,
            linewidths=0,
            label=str(component),
        )


def _ellipses(axes: Axes, module: GeneratedModule, parameters: Any, pair: tuple[int, int]) -> None:
    """Two standard deviations around each mean, from whichever shape the covariances have."""
    shapes, letter = module.PARAMETER_SHAPES, shared_plate(module)[0]
    if tuple(shapes.get("means", ())) != (letter, coordinate(module)) or "covariances" not in shapes:
        return
    for component, mean in enumerate(np.asarray(parameters.means)):
        covariance = _covariance(shapes["covariances"][:1] == (letter,), parameters.covariances, component, len(mean))
        values, vectors = np.linalg.eigh(covariance[np.ix_(pair, pair)])
        width, height = 4 * np.sqrt(np.maximum(values, 0))
        angle = np.degrees(np.arctan2(vectors[1, 0], vectors[0, 0]))
        centre = (float(mean[pair[0]]), float(mean[pair[1]]))
        axes.add_patch(
            Ellipse(centre, width, height, angle=angle, facecolor="none", edgecolor=_colour(component), linewidth=1.8)
        )
        axes.plot(*centre, marker="+", color=_INK, markersize=11, markeredgewidth=1.8)
    axes.autoscale_view()


def _covariance(own_each: bool, value: NDArray[Any], component: int, width: int) -> NDArray[Any]:  # noqa: FBT001
    """The (D, D) covariance of a component, stored as (K, D, D), (K, D) or (K,) if each has its own, else without K."""
    own = np.asarray(value[component] if own_each else value)
    return np.asarray(own if own.ndim == 2 else own * np.eye(width))


def _histogram(
    axes: Axes,
    module: GeneratedModule,
    events: NDArray[Any],
    parameters: Any,
    labels: NDArray[np.intp],
    k: int,
    knowns: Mapping[str, Array],
) -> None:
    values = events.ravel()
    if _is_whole(values):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    heights, *_ = axes.hist(
        values, bins=_edges(values).tolist(), density=True, color="#D9D9D9", edgecolor="white", linewidth=0.6
    )
    grid, density = _densities(module, events, parameters, knowns)
    line: dict[str, Any] = {"marker": "o", "markersize": 3} if _is_whole(grid) else {}
    if len(grid):
        axes.plot(grid, density.sum(axis=1), color=_INK, linewidth=1.2, linestyle="--", label="mixture", **line)
    for component in range(k):
        mine = values[labels == component]
        if len(grid):
            axes.plot(grid, density[:, component], color=_colour(component), linewidth=2, label=str(component), **line)
        rug = None if len(grid) else str(component)
        axes.plot(
            mine, np.zeros_like(mine), "|", color=_colour(component), markersize=7, alpha=0.6, clip_on=False, label=rug
        )
    inside = density.sum(axis=1)[(grid >= values.min()) & (grid <= values.max())]
    axes.set_ylim(0, 1.08 * max(float(np.max(heights)), float(inside.max(initial=0))))
    axes.set_ylabel("density")


def _is_whole(values: NDArray[Any]) -> bool:
    return bool((values == np.floor(values)).all())


def _edges(values: NDArray[Any]) -> NDArray[Any]:
    """The borders of the bins: between the numbers where all are whole."""
    count = min(60, max(12, int(np.sqrt(len(values)) * 1.5)))
    if not _is_whole(values):
        return np.histogram_bin_edges(values, bins=count)
    step = max(1, math.ceil((np.ptp(values) + 1) / 60))
    return np.arange(values.min() - 0.5, values.max() + 0.5 + step, step)


def _densities(
    module: GeneratedModule, events: NDArray[Any], parameters: Any, knowns: Mapping[str, Array]
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Places along the axis and the weighted densities there; none where each row has a density of its own."""
    if is_known_by_row(module):
        return np.empty(0), np.empty((0, 1))
    values = events.ravel()
    margin = 0.08 * np.ptp(values)
    # What is never negative is not continued below zero, where it may have no density.
    first, last = max(values.min() - margin, 0.0 if values.min() >= 0 else -math.inf), values.max() + margin
    whole = np.arange(math.ceil(first), math.floor(last) + 1) if _is_whole(values) else np.empty(0)
    for grid in filter(len, (np.linspace(first, last, 600), whole)):
        places = grid.astype(events.dtype)
        with np.errstate(all="ignore"):
            joint = log_joint_inside(module, places.reshape(-1, *events.shape[1:]), parameters, knowns)
        kept = ~np.isnan(joint).any(axis=1)
        if kept.mean() > 0.5:
            return places[kept], np.exp(joint[kept])
    return np.empty(0), np.empty((0, 1))


def _progress(axes: Axes, result: FitResult) -> None:
    marker = "o" if len(result.history) <= _MARKED else ""
    axes.plot(range(len(result.history)), result.history, color=_COLOURS[0], linewidth=1.8, marker=marker, markersize=3)
    axes.set_title(f"{result.objective} by iteration")
    axes.set_xlabel("iteration")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)
    state = "converged" if result.converged else "not converged"
    iterations = f"{result.iterations} iteration{'' if result.iterations == 1 else 's'}"
    lines = [f"log L = {result.log_likelihood:,.2f}", f"{state} after {iterations}"]
    if result.bic is not None:
        lines.insert(1, f"BIC = {result.bic:,.2f}")
    note = "\n".join(lines)
    place: Any = {"xycoords": "axes fraction", "ha": "right", "va": "bottom", "bbox": {"fc": "white", "ec": "none"}}
    axes.annotate(note, (0.96, 0.08), color=_INK, linespacing=1.5, **place)


def _undated(file_format: str) -> dict[str, Any]:
    """Metadata without the date, so that equal fits give equal files."""
    return {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format, {})
