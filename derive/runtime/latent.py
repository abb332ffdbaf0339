"""What is known of the latent labels: those of some rows, and rows that share one label."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError

UNKNOWN = -1

Array = NDArray[Any]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Latent:
    """The latent labels of N rows.

    labels: shape (N,), the component from 0 of each row, -1 where it is unknown; None where no label is known.
    groups: shape (N,), the number from 0 of each row's group, whose rows share one label; None where each row has one
    of its own. A unit is a group, or a row where there are no groups; there are G of them.
    """

    labels: Labels | None = None
    groups: Labels | None = None

    @property
    def free(self) -> bool:
        """Whether nothing is known: each row has an unknown label of its own."""
        return self.labels is None and self.groups is None

    @cached_property
    def representatives(self) -> Labels:
        """A row of each group, the first; shape (G,)."""
        assert self.groups is not None  # noqa: S101 - for the type checker
        return np.asarray(np.unique(self.groups, return_index=True)[1])

    @cached_property
    def unit_labels(self) -> Labels | None:
        """The label of each unit, shape (G,), -1 where it is unknown; None where no label is known."""
        if self.labels is None or self.groups is None:
            return self.labels
        labels = np.full(len(self.representatives), UNKNOWN)
        told = self.labels != UNKNOWN
        labels[self.groups[told]] = self.labels[told]
        return labels

    def count(self, rows: int) -> int:
        """The number of units."""
        return rows if self.groups is None else len(self.representatives)

    def unit_joint(self, joint: Array, log_weights: Array | None, counts: Array | None = None) -> Array:
        """The log joint of the units, shape (G, K): log weight once, log densities summed over the rows of a group.

        joint: log weight plus log density of each row, shape (N, K); may be overwritten. log_weights: shape (K,),
        needed where there are groups. counts: shape (N,), how many equal rows of its group each row stands for, one by
        default. The components that a known label excludes get -inf.
        """
        if self.groups is not None:
            assert log_weights is not None  # noqa: S101 - for the type checker
            density = joint - log_weights
            if counts is not None:
                density = times(counts[:, np.newaxis], density)
            joint = log_weights + self.summed(density)
            joint[:, np.isneginf(log_weights)] = -np.inf  # -inf less -inf is no number, and weight 0 takes no points
        if self.unit_labels is not None:
            told = self.unit_labels != UNKNOWN
            excluded = np.arange(joint.shape[1]) != self.unit_labels[told, np.newaxis]
            joint[told] = np.where(excluded, -np.inf, joint[told])
        return joint

    def summed(self, values: Array) -> Array:
        """Sums over the rows of each group; from (N, J) to (G, J)."""
        if self.groups is None:
            return values
        columns = [np.bincount(self.groups, weights=column) for column in values.T]
        return np.stack(columns, axis=1).astype(values.dtype)

    def means(self, X: Array) -> Array:
        """Means over the rows of each group; from (N,) or (N, D) to (G, D)."""
        if self.groups is None:
            return X
        return np.asarray(self.summed(X.reshape(len(X), -1)) / np.bincount(self.groups)[:, np.newaxis], dtype=X.dtype)

    def rows(self, values: Array) -> Array:
        """What belongs to each unit, given to each of its rows; from (G, K) to (N, K)."""
        return values if self.groups is None else values[self.groups]


def times(counts: Array, values: Array) -> Array:
    """Values so many times; what counts zero times is zero, also if it is infinite."""
    return np.multiply(counts, values, where=counts != 0, out=np.zeros(np.broadcast(counts, values).shape))


def observed(
    rows: int, components: int, labels: Sequence[Any] | Array | None, groups: Sequence[Any] | Array | None
) -> Latent:
    """Labels and groups as they are given, checked against each other and against the N rows and K components.

    labels: N integers from 0 to K - 1, -1 where unknown. groups: N names of any kind, equal for rows of one group.
    Raises InputError for a wrong length, a label out of range, a group with two labels, more components than units.
    """
    checked = None if labels is None else _labels(np.asarray(labels), rows, components)
    numbers = None if groups is None else _groups(np.asarray(groups), rows)
    if numbers is not None:
        units = int(numbers.max()) + 1
        if components > units:
            raise InputError(f"K = {components} components for {units} groups; K can be the number of groups at most")
        if checked is not None:
            _check_agreement(checked, numbers, np.asarray(groups))
    if checked is not None and (checked == UNKNOWN).all():
        checked = None
    return Latent(checked, numbers)


def _labels(labels: Array, rows: int, components: int) -> Labels:
    if labels.shape != (rows,):
        raise InputError(f"labels should have shape ({rows},), one for each row, but have {labels.shape}")
    if labels.dtype.kind not in "iuf" or (labels.dtype.kind == "f" and not (labels == np.trunc(labels)).all()):
        raise InputError("labels should be integers: the number of the component from 0, or -1 where it is unknown")
    bad = (labels < UNKNOWN) | (labels >= components)
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"row {row + 1} has the label {labels[row]:g}; with K = {components} components labels are 0 to "
            f"{components - 1}, or -1 where unknown"
        )
    return labels.astype(np.intp)


def _groups(groups: Array, rows: int) -> Labels:
    if groups.shape != (rows,):
        raise InputError(f"groups should have shape ({rows},), one for each row, but have {groups.shape}")
    if groups.dtype.kind == "f" and np.isnan(groups).any():
        raise InputError(f"row {int(np.argmax(np.isnan(groups))) + 1} has no group (NaN); give it one of its own")
    return np.asarray(np.unique(groups, return_inverse=True)[1]).reshape(rows)


def _check_agreement(labels: Labels, groups: Labels, names: Array) -> None:
    told = np.flatnonzero(labels != UNKNOWN)
    first = np.full(int(groups.max()) + 1, UNKNOWN)
    first[groups[told[::-1]]] = told[::-1]  # of several rows of a group the first stays
    clash = told[labels[told] != labels[first[groups[told]]]]
    if len(clash):
        row = int(clash[0])
        other = int(first[groups[row]])
        raise InputError(
            f"group {names[row]} has two labels: {labels[other]} in row {other + 1}, {labels[row]} in row {row + 1}"
        )
