"""The programs of sufficient statistics: the sums over a block, two blocks' sums together, the updates from sums."""

from collections.abc import Mapping
from dataclasses import replace

from derive.errors import LoweringError
from derive.language.family import Family, Symbol
from derive.lowering import build
from derive.lowering.functions import lower_equation, lower_updates
from derive.lowering.node import Input, Node, SizeOf
from derive.lowering.operations import Keep
from derive.lowering.program import Output, Program
from derive.lowering.scope import Scope, kind_of
from derive.proof.derivation import Statistics, UpdateEquation


def lower_statistics(statistics: Statistics, scope: Scope) -> tuple[Program, Program, Program]:
    """Return the programs of ``statistics``, ``merge`` and ``update``."""
    return _summed(statistics, scope), _merged(statistics, scope), _updated(statistics, scope)


def _summed(statistics: Statistics, scope: Scope) -> Program:
    """The sums of one block about the parameters that are given; an origin that is none of them is returned too."""
    given: dict[str, Node] = {}
    formulas: list[Output] = []
    for origin in statistics.origins:
        symbol = Symbol(origin.origin, origin.origin.indices)
        value = lower_equation(
            origin.origin.code, UpdateEquation(symbol, origin.value, statistics.sums[0].number), scope
        )
        if not isinstance(origin.value, Symbol):
            value = replace(value, node=Keep(value.node, origin.origin.code, meaning=symbol))
            formulas.append(value)
        given[origin.origin.name] = value.node
    inner = replace(scope, given=given)
    sums = tuple(lower_equation(equation.target.family.code, equation, inner) for equation in statistics.sums)
    return Program("statistics", (*sums, *formulas))


def _merged(statistics: Statistics, scope: Scope) -> Program:
    """The sums of both blocks about the origin of the second: in a stream, that of the newer parameters."""
    given: dict[str, Node] = {
        equation.target.family.name: _field(scope, equation.target.family, "a.") for equation in statistics.sums
    }
    for origin in statistics.origins:
        given[origin.origin.name] = _field(scope, origin.origin, "a.")
        given[origin.other.name] = _field(scope, origin.other, "b.", origin.origin.code)
    inner = replace(scope, given=given)
    outputs = []
    for equation in statistics.moved:
        family = equation.target.family
        output = lower_equation(family.code, equation, inner)
        outputs.append(Output(family.code, build.add(output.node, _field(scope, family, "b.")), equation.number))
    return Program("merge", tuple(outputs))


def _updated(statistics: Statistics, scope: Scope) -> Program:
    """The M-step from sums."""
    families = [equation.target.family for equation in statistics.sums]
    families += [origin.origin for origin in statistics.origins]
    given: Mapping[str, Node] = {family.name: _field(scope, family) for family in families}
    program = lower_updates(statistics.updates, replace(scope, given=given, current="previous"))
    nodes = [*given.values(), *program.nodes()]
    held = {axis.size for node in nodes if isinstance(node, Input) for axis in node.axes}
    missing = {node.size for node in nodes if isinstance(node, SizeOf)} - held
    if missing:
        raise LoweringError(f"the updates need the size {min(missing)}, which no statistic has")
    return replace(program, name="update")


def _field(scope: Scope, family: Family, of: str = "", code: str = "") -> Input:
    return _input(scope, family, of + (code or family.code), "statistics")


def _input(scope: Scope, family: Family, name: str, source: str) -> Input:
    return Input(name, scope.stored_axes(family), kind_of(family), source, meaning=family.symbol)
