"""The system of an update that Newton's method solves, to the node that climbs."""

from collections.abc import Mapping
from dataclasses import replace

from derive.language.expr import Expr
from derive.language.index import Index
from derive.language.joint import JointRoot
from derive.lowering.axis import Axis, Rank
from derive.lowering.climbing import Climb
from derive.lowering.locating import Inside, Unknown
from derive.lowering.lower import Lowering
from derive.lowering.node import Input, Node
from derive.lowering.scope import Scope, kind_of
from derive.proof.derivation import NewtonSystem


def lower_system(root: JointRoot, system: NewtonSystem, scope: Scope) -> Climb:
    """Return the node that finds all unknowns of a joint root."""
    plates = {index: scope.usual(index) for unknown in root.unknowns for index in unknown.indices}
    batch = tuple(plates[index] for index in root.fixed)
    stand_ins: dict[Node, Unknown] = {}
    computed = dict(scope.computed)
    for unknown in root.unknowns:
        family = unknown.family
        name = family.code or family.name
        stand_in = Input(f"any {name}", scope.stored_axes(family), kind_of(family), "unknown")
        stand_ins[stand_in] = Unknown(name, stand_in.dims)
        computed[family.name] = stand_in
    inner = replace(scope, computed=computed)
    inside = Inside(stand_ins, (), batch[0] if batch else Axis(Rank.PLATE, "all", "all"))

    def lowered(expr: Expr, more: Mapping[Index, Axis]) -> Node:
        return inside.moved(Lowering(inner, {**plates, **more}).scalar(expr))

    own = [index for index in root.unknowns[0].indices if index not in root.fixed]
    entry = plates[own[0]] if own else Axis(Rank.PLATE, "m", "unknowns")
    others = [index for expr in system.hessian for index in expr.free if index not in plates]
    other = entry.fresh((*batch, entry)) if own else None
    more = dict.fromkeys(others, other) if other is not None else {}
    return Climb(
        tuple(stand_ins.values()),
        lowered(system.part, {}),
        tuple(lowered(slope, {}) for slope in root.slopes),
        tuple(lowered(expr, more) for expr in system.hessian),
        batch,
        entry,
        other,
    )
