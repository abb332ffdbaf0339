"""Members of single components that a model fixes or ties: what they are, and whether a result keeps to it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.language.family import Family
from derive.lowering.functions import scope_of
from derive.lowering.interpreter import Interpreter
from derive.lowering.lower import Lowering
from derive.lowering.structure import structure_of_domain
from derive.proof.derivation import Derivation

ROUNDING = 1e-9  # relative
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """The member at ``place`` is scale * (the member at ``lead``, if any) + offset; places count from 0."""

    place: int
    lead: int | None
    scale: float
    offset: Array

    def value(self, members: Array) -> Array:
        """The value that the member should have."""
        return self.offset if self.lead is None else np.asarray(self.scale * members[self.lead] + self.offset)


def given_members(
    derivation: Derivation, family: Family, shape: tuple[int, ...], knowns: Mapping[str, Array]
) -> tuple[Given, ...]:
    """Return what a family's bindings say, as numbers. shape: of its array; knowns: known constants by name in code."""
    if not family.bindings:
        return ()
    scope = scope_of(derivation)
    axes = scope.stored_axes(family)
    sizes = {axis.size: length for axis, length in zip(axes, shape, strict=True)}
    plates = {index: scope.usual(index) for index in family.indices}
    row = scope.coordinate(family.shape.rows)
    col = scope.coordinate(family.shape.cols, (row,))
    found = []
    for binding in family.bindings:
        lowering = Lowering(scope, plates)
        node = lowering.raised(binding.offset, row, col, structure_of_domain(family.domain))
        value = np.broadcast_to(Interpreter(knowns, sizes)(node), shape[1:])
        lead = binding.lead - 1 if binding.lead else None
        found.append(Given(binding.number - 1, lead, float(binding.scale), np.asarray(value, dtype=np.float64)))
    return tuple(found)


def with_members(value: Array, given: tuple[Given, ...]) -> Array:
    """Return an array in which the members that are given have their values."""
    if not given:
        return value
    changed = value.copy()
    for member in given:
        changed[member.place] = member.value(changed)
    return changed


def strays(value: Array, given: tuple[Given, ...]) -> str:
    """Which member is not what the model says; empty where all are."""
    scale = max(float(np.abs(value).max(initial=0.0)), np.finfo(float).tiny)
    for member in given:
        if not np.allclose(value[member.place], member.value(value), rtol=0, atol=ROUNDING * scale):
            tied = "fixed" if member.lead is None else f"tied to component {member.lead}"
            return f"of component {member.place} is not what the model says: it is {tied}"
    return ""
