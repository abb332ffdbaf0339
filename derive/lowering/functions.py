"""A derivation's equations to the programs of the generated functions."""

from dataclasses import dataclass, replace

from derive.errors import LoweringError
from derive.language.index import Index
from derive.language.joint import JointRoot
from derive.lowering import build
from derive.lowering.axis import Axis
from derive.lowering.axis_order import axis_order
from derive.lowering.climbing import Coordinate
from derive.lowering.lower import Lowering
from derive.lowering.lower_system import lower_system
from derive.lowering.node import Node, Number, Ones
from derive.lowering.operations import Keep, Reorder, Replace
from derive.lowering.program import Output, Program
from derive.lowering.scope import Scope
from derive.lowering.special import Special
from derive.lowering.structure import structure_of_domain
from derive.proof.derivation import Derivation, UpdateEquation


@dataclass(frozen=True)
class Programs:
    """The programs of one model. posterior: responsibilities and log-likelihood at once. log_prior: if there is one.

    moments: of a latent variable, if there is one.
    statistics, merge, update: where the model has sufficient statistics.
    """

    log_joint: Program
    e_step: Program
    log_likelihood: Program
    posterior: Program
    m_step: Program
    log_prior: Program | None = None
    moments: Program | None = None
    statistics: Program | None = None
    merge: Program | None = None
    update: Program | None = None


def scope_of(derivation: Derivation) -> Scope:
    """Return the scope of a derivation's equations."""
    samples, components = derivation.responsibilities.target.indices
    places = axis_order(derivation.families, (samples.size.name, components.size.name))
    return Scope(
        samples, components, derivation.log_joint.target.family.name, places=places, regular=_regular(derivation)
    )


def _regular(derivation: Derivation) -> Index | None:
    """Return the plate of the components that share a density, where others have densities of their own."""
    _, components = derivation.responsibilities.target.indices
    plates = (index for family in derivation.families for index in family.indices)
    shared = (index for index in plates if index.size == components.size.base)
    return next(shared, None) if components.size.more else None


def lower_derivation(derivation: Derivation) -> Programs:
    """Return the programs, straight from the equations: no pass has run."""
    scope = scope_of(derivation)
    gamma = lower_equation("responsibilities", derivation.responsibilities, scope)
    likelihood = derivation.log_likelihood  # a number: its target is no symbol that could be indexed
    total = Output("log_likelihood", Lowering(scope, {}).scalar(likelihood.value), likelihood.number)
    return Programs(
        Program("log_joint", (lower_equation("log_joint", derivation.log_joint, replace(scope, log_joint="")),)),
        Program("e_step", (gamma,)),
        Program("log_likelihood", (total,)),
        Program("em_step", (gamma, total)),
        lower_updates(derivation.updates, replace(scope, current="previous")),
        None if derivation.log_prior is None else _log_prior(derivation.log_prior, scope),
        None if not derivation.moments else _moments(derivation.moments, scope),
    )


def _moments(equations: tuple[UpdateEquation, ...], scope: Scope) -> Program:
    return Program("moments", tuple(lower_equation(moment.target.family.code, moment, scope) for moment in equations))


def _log_prior(equation: UpdateEquation, scope: Scope) -> Program:
    value = Lowering(scope, {}).scalar(equation.value)
    return Program("log_prior", (Output("log_prior", value, equation.number),))


def lower_updates(updates: tuple[UpdateEquation, ...], scope: Scope) -> Program:
    """Return the M-step: each update uses the parameters computed before it, and previous values of the others."""
    outputs: list[Output] = []
    for update in updates:
        previous = frozenset(symbol.family.name for symbol in update.previous)
        inner = replace(scope, previous=previous)
        name = update.target.family.code or update.target.family.name
        output = _climbed(name, update, inner) or lower_equation(name, update, inner)
        output = replace(output, node=Keep(_inside(output.node, update), name, meaning=output.node.meaning))
        outputs.append(output)
        scope = replace(scope, computed={**scope.computed, update.target.family.name: output.node})
    return Program("m_step", tuple(outputs))


def _inside(node: Node, update: UpdateEquation) -> Node:
    """Undo what rounding may add to a value that is at most one: sums in another order may differ in the last digit."""
    domain = update.target.family.domain
    if not domain.at_most_one or domain.sums_to_one:
        return node
    if isinstance(node, Replace):  # a number that is given needs no rounding
        return replace(node, args=tuple(arg if isinstance(arg, Number) else _at_most_one(arg) for arg in node.args))
    return _at_most_one(node)


def _at_most_one(node: Node) -> Node:
    return Special((node, build.number(1)), "min", meaning=node.meaning)


def lower_equation(name: str, equation: UpdateEquation, scope: Scope) -> Output:
    """Return an equation's value under a name, with the axes that its target is stored with."""
    target = equation.target
    plates = {index: scope.usual(index) for index in target.indices}
    loose = equation.value.free - set(plates)
    if loose:
        raise LoweringError(f"({equation.number}) {target} = ... leaves the index {min(loose)} free")
    lowering = Lowering(scope, plates)
    axes = scope.stored_axes(target.family)
    if target.shape.is_scalar:
        return Output(name, _spread(lowering.scalar(equation.value), axes), equation.number)
    row = scope.coordinate(target.shape.rows)
    col = scope.coordinate(target.shape.cols, (row,))
    structure = structure_of_domain(target.family.domain)
    value = lowering.raised(equation.value, row, col, structure)
    return Output(name, _spread(value.means(equation.value), axes), equation.number)


def _climbed(name: str, update: UpdateEquation, scope: Scope) -> Output | None:
    """Return one of the unknowns that Newton's method finds, None for any other update."""
    root = update.value
    if update.system is None or not isinstance(root, JointRoot):
        return None
    point = lower_system(root, update.system, scope)
    node: Node = point if point.other is not None else Coordinate(point, root.unknowns.index(root.unknown))
    return Output(name, _spread(node.means(root), scope.stored_axes(update.target.family)), update.number)


def _spread(node: Node, axes: tuple[Axis, ...]) -> Node:
    """Give a value all axes that it is stored with, in their order."""
    if set(node.axes) <= set(axes):
        missing = tuple(axis for axis in axes if axis not in node.axes)
        spread = build.mul(node, Ones(missing)).means(node.meaning) if missing else node
        if spread.axes != axes:
            return Reorder(spread, axes, meaning=node.meaning)
        return spread
    raise LoweringError(
        f"a value along {', '.join(map(str, node.axes))} cannot be stored along {', '.join(map(str, axes))}"
    )
