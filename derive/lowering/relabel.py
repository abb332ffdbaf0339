"""Axis names under a node: changed down to the inputs, so that equal values under other names can be recognised."""

from collections.abc import Iterable
from dataclasses import replace

from derive.lowering.axis import Axis, Rank
from derive.lowering.build import rename
from derive.lowering.node import Eye, Node, Ones
from derive.lowering.operations import (
    Contract,
    Elementwise,
    Keep,
    LogDet,
    MatrixNode,
    Max,
    Rename,
    Reorder,
    Replace,
    Solve,
)
from derive.lowering.picking import Pick

Mapping = dict[Axis, Axis]


def relabelled(node: Node, mapping: Mapping) -> Node:
    """Return the node with its axes renamed; every renaming inside is carried down to inputs and inverses.

    Axes that the node sums over get the first letters that are free, so that equal sums become equal nodes.
    """
    mapping = {axis: mapping.get(axis, axis) for axis in node.axes}
    changed = _changed(node, mapping)
    return changed if changed.meaning is not None else changed.means(node.meaning)


def _changed(node: Node, mapping: Mapping) -> Node:  # noqa: C901, PLR0912 - one case a node
    match node:
        case Rename(arg, names):
            return relabelled(arg, {axis: mapping[name] for axis, name in zip(arg.axes, names, strict=True)})
        case Keep(arg):
            return rename(replace(node, arg=relabelled(arg, {})), mapping)
        case Ones(dims):
            return Ones(tuple(mapping[axis] for axis in dims)) if _distinct(mapping) else rename(node, mapping)
        case Eye(row, col) if _distinct(mapping):
            return Eye(mapping[row], mapping[col])
        case Reorder(arg, dims) if _distinct(mapping):
            return replace(node, arg=relabelled(arg, mapping), dims=tuple(mapping[axis] for axis in dims))
        case Elementwise(args):
            return node.rebuild(tuple(relabelled(arg, mapping) for arg in args))
        case Replace(args, _, axis):
            changed = tuple(relabelled(arg, mapping) for arg in args)
            return replace(node, args=changed, axis=mapping[axis])
        case Contract(args, over):
            inner = _bound(over, mapping)
            return replace(
                node,
                args=tuple(relabelled(arg, mapping | inner) for arg in args),
                over=tuple(sorted(inner.values())),
            )
        case Max(arg, axis):
            inner = _bound((axis,), mapping)
            return replace(node, arg=relabelled(arg, mapping | inner), axis=inner[axis])
        case Pick(axis=axis):
            inner = _bound((axis,), mapping)
            within = (relabelled(child, mapping | inner) for child in node.children)
            return node.along(inner[axis], tuple(within))
        case LogDet(arg, row, col):
            inner = _bound((row, col), mapping)
            return replace(node, arg=relabelled(arg, mapping | inner), row=inner[row], col=inner[col])
        case MatrixNode(arg, row, col) if _distinct(mapping):
            # The matrix itself keeps its usual letters: all uses of one factorisation then share it.
            outer = {axis: name for axis, name in mapping.items() if axis not in (row, col)}
            kept = replace(node, arg=relabelled(arg, outer))
            return rename(kept, mapping)
        case Solve(matrix, rhs, row, col) if _distinct(mapping):
            inner = mapping | _bound((col,), mapping)
            return replace(
                node,
                matrix=relabelled(matrix, inner),
                rhs=relabelled(rhs, inner),
                row=inner[row],
                col=inner[col],
            )
    return rename(node, mapping)


def _distinct(mapping: Mapping) -> bool:
    return len(set(mapping.values())) == len(mapping)


def _bound(axes: Iterable[Axis], mapping: Mapping) -> Mapping:
    taken, found = list(mapping.values()), {}
    for axis in axes:
        found[axis] = usual(axis).fresh(taken) if axis.rank is Rank.COORDINATE else axis.fresh(taken)
        taken.append(found[axis])
    return found


def usual(axis: Axis) -> Axis:
    """Return the first axis of this kind and size: the one with the letter of the size."""
    return replace(axis, name=axis.size[0].lower()) if axis.rank is Rank.COORDINATE else axis


def usual_names(axes: Iterable[Axis]) -> Mapping:
    """Return new names for coordinate axes, in order: the first letters that are free."""
    mapping: Mapping = {}
    axes = tuple(axes)
    plates = [axis for axis in axes if axis.rank is not Rank.COORDINATE]
    for axis in sorted(set(axes) - set(plates)):
        mapping[axis] = usual(axis).fresh((*plates, *mapping.values()))
    return mapping
