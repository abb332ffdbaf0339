"""Each pass is accepted as it is, and refused in every corrupted version."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.errors import LoweringError
from derive.lowering.axis import Rank
from derive.lowering.build import mul, number, power
from derive.lowering.check import accept
from derive.lowering.functions import Programs, lower_derivation
from derive.lowering.node import Node, Number
from derive.lowering.operations import (
    Accumulate,
    Add,
    Cholesky,
    Contract,
    Exp,
    Inverse,
    Loop,
    Max,
    Mul,
    Power,
    Rename,
    Select,
    Stack,
    TriangularSolve,
)
from derive.lowering.pipeline import PLAIN, Strategy, compile_derivation, optimise
from derive.lowering.program import Output, Program, bottom_up
from derive.proof.derivation import Derivation
from tests.lowering import equations

Change = Callable[[Node], Node]


def _everywhere(change: Change) -> Callable[[Program], Program]:
    return lambda program: program.transformed(lambda node: bottom_up(node, change))


def _half_as_much(node: Node) -> Node:
    return mul(number(Fraction(1, 2)), node) if isinstance(node, Contract) else node


def _largest_not_added(node: Node) -> Node:
    return node.args[1] if isinstance(node, Add) and isinstance(node.args[0], Max) else node


def _largest_not_subtracted(node: Node) -> Node:
    if isinstance(node, Exp) and isinstance(node.args[0], Add):
        return Exp((node.args[0].args[0],))
    return node


def _solve_forgotten(node: Node) -> Node:
    return node.rhs if isinstance(node, TriangularSolve) else node


def _factor_forgotten(node: Node) -> Node:
    return node.arg if isinstance(node, Cholesky) else node


def _square_forgotten(node: Node) -> Node:
    return node.args[0] if isinstance(node, Power) and node.exponent == 2 else node


def _diagonal_counted_once(node: Node) -> Node:
    return Number(Fraction(1)) if isinstance(node, Number) and node.value == 2 else node


def _transposed_product(node: Node) -> Node:
    """The last two axes exchanged in what a contraction over samples returns, where that is no symmetric matrix."""
    if isinstance(node, Contract) and len(node.args) == 2 and isinstance(node.args[0], Mul):
        return Contract((node.args[0].args[-1], node.args[1]), node.over)
    return node


def _first_factor_dropped(node: Node) -> Node:
    if isinstance(node, Contract) and len(node.args) == 2 and set(node.args[1].axes) >= set(node.args[0].axes):
        return replace(node, args=node.args[1:])
    return node


def _accumulated_once(node: Node) -> Node:
    return Stack(node.body, node.axis) if isinstance(node, Accumulate) else node


def _twice_the_body(node: Node) -> Node:
    return replace(node, body=mul(number(2), node.body)) if isinstance(node, Loop) else node


def _wrong_component(node: Node) -> Node:
    if isinstance(node, Select) and isinstance(node.arg, Node):
        others = [axis for axis in node.arg.axes if axis.rank is Rank.SAMPLES]
        return Contract((node.arg,), (node.axis,)) if others else node
    return node


def _names_confused(node: Node) -> Node:
    return node.arg if isinstance(node, Rename) and not isinstance(node.arg, Inverse) else node


def _program(derivation: Derivation, field: str) -> Program:
    found = getattr(lower_derivation(derivation), field)
    assert isinstance(found, Program)
    return found


@pytest.mark.parametrize("derivation", equations.ALL, ids=lambda derivation: derivation.model)
def test_every_pass_is_accepted(derivation: Derivation) -> None:
    assert isinstance(compile_derivation(derivation), Programs)


@pytest.mark.parametrize(
    ("stage", "corruption", "derivation", "field"),
    [
        ("share", _half_as_much, equations.FULL, "m_step"),
        ("share", _names_confused, equations.FULL, "m_step"),
        ("stabilise", _largest_not_added, equations.FULL, "log_likelihood"),
        ("stabilise", _largest_not_subtracted, equations.FULL, "log_likelihood"),
        ("stabilise", _half_as_much, equations.FULL, "e_step"),
        ("factor", _solve_forgotten, equations.FULL, "log_joint"),
        ("factor", _factor_forgotten, equations.TIED, "log_joint"),
        ("factor", _square_forgotten, equations.TIED, "log_joint"),
        ("factor", _diagonal_counted_once, equations.FULL, "log_joint"),
        ("contract", _first_factor_dropped, equations.DIAGONAL, "m_step"),
        ("contract", _transposed_product, equations.FULL, "m_step"),
        ("contract", _half_as_much, equations.SCALAR, "m_step"),
        ("loop", _twice_the_body, equations.FULL, "log_joint"),
        ("loop", _accumulated_once, equations.TIED, "m_step"),
        ("loop", _wrong_component, equations.FULL, "m_step"),
    ],
)
def test_corrupted_passes_are_refused(stage: str, corruption: Change, derivation: Derivation, field: str) -> None:
    good = dict(PLAIN.passes)[stage]
    damage = _everywhere(corruption)
    strategy = PLAIN.with_pass(stage, lambda program: damage(good(program)))
    program = _program(derivation, field)
    optimise(program)
    with pytest.raises(LoweringError, match=stage):
        optimise(program, strategy)


def test_a_pass_that_loses_or_renames_an_output_is_refused() -> None:
    program = _program(equations.FULL, "m_step")
    with pytest.raises(LoweringError, match="changed what m_step returns"):
        accept(program, replace(program, outputs=program.outputs[:1]), "lose")
    renamed = tuple(Output(output.name + "s", output.node, output.number) for output in program.outputs)
    with pytest.raises(LoweringError, match="rename"):
        accept(program, replace(program, outputs=renamed), "rename")


def test_no_inverse_and_no_determinant_remains() -> None:
    for derivation in equations.ALL:
        programs = compile_derivation(derivation)
        for program in (programs.log_joint, programs.m_step):
            assert not any(type(node).__name__ in {"Inverse", "LogDet"} for node in program.nodes())


def test_counts_are_computed_once() -> None:
    program = compile_derivation(equations.FULL).m_step
    counts = [
        node
        for node in program.nodes()
        if isinstance(node, Contract) and len(node.args) == 1 and node.args[0].axes == node.axes[:0] + node.args[0].axes
    ]
    sums = {node for node in counts if getattr(node.args[0], "source", "") == "responsibilities"}
    assert len(sums) == 1


def test_the_tied_factor_stays_outside_of_the_loop() -> None:
    program = compile_derivation(equations.TIED).log_joint
    (factor,) = {node for node in program.nodes() if isinstance(node, Cholesky)}
    assert not any(axis.rank is Rank.COMPONENTS for axis in factor.axes)


def test_no_array_has_samples_components_and_coordinates() -> None:
    ranks = {Rank.SAMPLES, Rank.COMPONENTS, Rank.COORDINATE}
    for derivation in equations.ALL:
        for program in (compile_derivation(derivation).log_joint, compile_derivation(derivation).m_step):
            assert not any(ranks <= {axis.rank for axis in node.axes} for node in program.nodes())


def test_a_strategy_may_leave_stages_out() -> None:
    program = _program(equations.SCALAR, "m_step")
    assert optimise(program, Strategy("none", ())) is program


def test_powers_and_constants_are_folded() -> None:
    two = number(2)
    assert power(two, 3) == number(8)
    assert mul(two, number(Fraction(1, 2))) == number(1)
