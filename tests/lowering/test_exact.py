"""The whole lowering against exact evaluation of the equations, in a world whose values the inputs are taken from."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from derive.language.evaluate import Evaluator
from derive.language.family import Family
from derive.language.index import Extent
from derive.language.world import World
from derive.lowering.functions import Programs, lower_derivation
from derive.lowering.interpreter import run
from derive.lowering.pipeline import compile_derivation
from derive.lowering.structure import Structure, structure_of_domain
from derive.proof.derivation import Derivation
from tests.lowering import equations
from tests.lowering.special_equations import SPECIAL

Array = NDArray[Any]
SIZES = {"N": 5, "K": 3, "D": 4, "P": 2}


def _world() -> World:
    return World({Extent(name): size for name, size in SIZES.items()}, seed=5)


def _stored(family: Family, world: World, evaluator: "_AsFloats") -> Array:
    """The family's values as the array that programs take."""
    plates = [world.size(index.size) for index in family.indices]
    shape = [] if family.shape.is_scalar else [world.size(family.shape.rows), world.size(family.shape.cols)]
    whole = np.empty([*plates, *shape])
    for position in np.ndindex(*plates):
        env = dict(zip(family.indices, position, strict=True))
        value = evaluator(family.symbol, env)
        whole[position] = value if not shape else [[_number(entry) for entry in row] for row in value]
    if shape and shape[1] == 1:
        return whole[..., 0]
    structure = structure_of_domain(family.domain)
    if structure is Structure.DIAGONAL:
        return np.diagonal(whole, axis1=-2, axis2=-1)
    return whole[..., 0, 0] if structure is Structure.SPHERICAL else whole


def _number(value: Any) -> float:
    return float(value.mid()) if hasattr(value, "mid") else int(value.p) / int(value.q)


def _exact(derivation: Derivation, program: str, world: World) -> dict[str, Array]:
    """Every output by exact evaluation; the updates see the values computed before them."""
    evaluator = Evaluator(world)
    stated = {
        "log_joint": {"log_joint": derivation.log_joint},
        "e_step": {"responsibilities": derivation.responsibilities},
        "m_step": {update.target.family.code: update for update in derivation.updates},
    }[program]
    found = {}
    for name, update in stated.items():
        family, changes = update.target.family, {}
        for position in world.positions(family):
            env = dict(zip(update.target.indices, position, strict=True))
            changes[family.name, position] = evaluator(update.value, env)
        evaluator = evaluator.with_changes(changes)
        found[name] = _stored(family, world, _AsFloats(evaluator))
    return found


class _AsFloats:
    """An evaluator whose scalars are floats."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def __call__(self, expr: Any, env: Any) -> Any:
        value = self.evaluator(expr, env)
        return value if isinstance(value, tuple) else _number(value)


def _inputs(derivation: Derivation, programs: Programs, world: World) -> dict[str, Array]:
    evaluator = _AsFloats(Evaluator(world))
    families = {family.code: family for family in derivation.families}
    found = {}
    for field in ("log_joint", "e_step", "m_step"):
        for node in getattr(programs, field).inputs:
            family = families.get(node.name.removeprefix("previous_"))
            if node.source == "log joint":
                family = derivation.log_joint.target.family
            if node.source == "responsibilities":
                family = derivation.responsibilities.target.family
            assert family is not None, node.name
            found[node.name] = _stored(family, world, evaluator)
    return found


@pytest.mark.parametrize("program", ["log_joint", "e_step", "m_step"])
@pytest.mark.parametrize("derivation", [*equations.ALL, *SPECIAL], ids=lambda derivation: derivation.model)
@pytest.mark.parametrize("lower", [lower_derivation, compile_derivation], ids=["plain", "optimised"])
def test_programs_compute_the_equations(lower: Any, derivation: Derivation, program: str) -> None:
    world, programs = _world(), lower(derivation)
    inputs = _inputs(derivation, programs, world)
    found = run(getattr(programs, program), inputs, SIZES)
    for name, expected in _exact(derivation, program, world).items():
        assert found[name].shape == expected.shape
        scale = np.abs(expected).max()
        assert np.abs(found[name] - expected).max() <= 1e-9 * scale, name
