"""The generated code computes the derivation's equations: both are run on the same random world and compared."""

from collections.abc import Iterator
from contextlib import suppress
from inspect import signature
from math import prod
from typing import Any

import numpy as np
from flint import arb, ctx

from derive.checking.draw import coordinate_sizes
from derive.checking.storage import Array, Position, drawn, stored
from derive.errors import StepRefusedError
from derive.language.evaluate import Evaluator
from derive.language.exponents import in_exponents
from derive.language.family import Role
from derive.language.index import Extent
from derive.language.indicator import Support
from derive.language.locate import NoRootError
from derive.language.reductions import Reduction
from derive.language.ring import UndecidedError, ball
from derive.language.world import Value, World
from derive.proof.derivation import Derivation, UpdateEquation
from derive.runtime.protocol import GeneratedModule

TOLERANCE = 1e-9  # relative to the largest entry: the values are rationals of all sizes, evaluated in float64
SAMPLES, COMPONENTS = 7, 3
PRECISIONS = (256, 1024, 4096)
SEEDS = (11, 12, 13)
ATTEMPTS = 400


def compares_with_derivation(derivation: Derivation, module: GeneratedModule) -> str:
    """Compare log joint, responsibilities, log-likelihood, objective and every update; return what was seen.

    Raises StepRefusedError naming the first function and equation that differ.
    """
    worst = 0.0
    for seed in SEEDS:
        for name, equation, found, expected in _decided(derivation, module, seed):
            worst = max(worst, _difference(f"{name}, equation ({equation.number})", np.asarray(found), expected))
    compared = "log joint, responsibilities, log-likelihood, objective and updates"
    return f"{compared} agree with the equations to {worst:.0e} relative"


def _decided(
    derivation: Derivation, module: GeneratedModule, seed: int
) -> list[tuple[str, UpdateEquation, Any, Array]]:
    """What is compared, with more precision where balls turn out too wide to tell."""
    for bits in PRECISIONS:
        with suppress(UndecidedError), ctx.workprec(bits):
            return _solvable(derivation, module, seed)
    raise StepRefusedError(f"the equations have no value that {PRECISIONS[-1]} bits decide on random data")


def _solvable(
    derivation: Derivation, module: GeneratedModule, seed: int
) -> list[tuple[str, UpdateEquation, Any, Array]]:
    """What is compared in a random world; in another where, by code and derivation alike, Q has no maximum."""
    for attempt in range(ATTEMPTS):
        try:
            with np.errstate(all="ignore"):  # what goes wrong shows in the comparison
                return list(_compared(derivation, module, _world(derivation, seed + len(SEEDS) * attempt)))
        except NoRootError:
            continue
    raise StepRefusedError("no random data were found for which Q has a maximum")


def _compared(
    derivation: Derivation, module: GeneratedModule, world: World
) -> Iterator[tuple[str, UpdateEquation, Any, Array]]:
    """Function, equation, what the code computes, and the exact value, for each equation."""
    families, gamma = derivation.families, derivation.responsibilities.target.family
    (X,) = (drawn(world, family) for family in families if family.role is Role.DATA)
    given = module.Parameters(*(drawn(world, family) for family in families if family.role is Role.PARAMETER))
    knowns: dict[str, Any] = {family.code: drawn(world, family) for family in families if family.role is Role.KNOWN}
    exact = Evaluator(world)
    joint = _members(exact, derivation.log_joint)
    yield "log_joint", derivation.log_joint, module.log_joint(X, given, **knowns), _array(exact, derivation.log_joint)
    exact = exact.with_changes(joint)
    responsibilities = module.e_step(X, given, **knowns)
    yield "e_step", derivation.responsibilities, responsibilities, _array(exact, derivation.responsibilities)
    likelihood = np.array(float(exact(derivation.log_likelihood.value, {})))
    yield "log_likelihood", derivation.log_likelihood, module.log_likelihood(X, given, **knowns), likelihood
    objective = np.array(float(exact(derivation.objective.value, {})))
    yield "objective", derivation.objective, module.objective(X, given, **knowns), objective
    updated, refusal = given, None
    try:
        updated = module.m_step(X, drawn(world, gamma), given, **knowns)
    except ValueError as error:  # the code is right to refuse where the equations have no solution: NoRootError below
        refusal = error
    exact = _with_moments(Evaluator(world), derivation)
    values = []
    for update in derivation.updates:
        values.append((update, _array(exact, update)))
        exact = exact.with_changes(_members(exact, update))
    if refusal is not None:
        raise refusal
    for update, value in values:
        yield "m_step", update, getattr(updated, update.target.family.code), value


def _with_moments(exact: Evaluator, derivation: Derivation) -> Evaluator:
    """Hold the moments of a latent variable fixed at what they are for the parameters given."""
    fixed: dict[tuple[str, Position], Value] = {}
    for moment in derivation.moments:
        fixed |= _members(exact, moment)
    return exact.with_changes(fixed)


def counts_parameters(derivation: Derivation, module: GeneratedModule) -> str:
    """Compare ``n_parameters`` with the count by domains: plates times free coordinates, one less for each simplex."""
    _, components = derivation.responsibilities.target.indices
    K, width = 3, 4
    sizes = {components.size.base.name: K, components.size.name: K + components.size.more} | dict.fromkeys(
        coordinate_sizes(derivation), width
    )
    total = 0
    for family in derivation.families:
        if family.role is not Role.PARAMETER:
            continue
        sides = [width for side in (family.shape.rows, family.shape.cols) if side.name != "1"]
        side = sides[0] if sides else 1
        free = {"symmetric": side * (side + 1) // 2, "diagonal": side, "spherical": 1}
        coordinates = free.get(family.domain.structure, prod(sides)) - family.domain.unit
        plates = [sizes[index.size.name] for index in family.indices]
        constraints = prod(plates[:-1]) if family.domain.sums_to_one else 0
        if family.bindings:
            plates[0] -= len(family.bindings) - len({binding.lead for binding in family.bindings} - {0})
        total += prod(plates) * coordinates - constraints
    names = list(signature(module.n_parameters).parameters)
    found = module.n_parameters(K, **dict.fromkeys(names[1:], width))
    if found != total:
        raise StepRefusedError(f"n_parameters gives {found} for K = 3 and 4 coordinates; the domains give {total}")
    return f"{total} for K = 3 and 4 coordinates, as the domains give"


def _world(derivation: Derivation, seed: int) -> World:
    samples, components = derivation.responsibilities.target.indices
    sizes = {samples.size: SAMPLES, components.size.base: max(COMPONENTS, derivation.named_components + 1)}
    widest_first = coordinate_sizes(derivation)  # that of the data, so that designs have full column rank
    widths = [max(2, len(widest_first)), *range(1, len(widest_first))]
    others = zip(map(Extent, widest_first), widths, strict=False)
    sizes |= dict(others)
    sparse = any(update.value.contains(lambda part: isinstance(part, Reduction)) for update in derivation.updates)
    values = (derivation.log_joint, *derivation.updates)
    moderate = frozenset[str]().union(*(in_exponents(equation.value) for equation in values))
    for attempt in range(ATTEMPTS):
        drawn_from = seed + 1000 * attempt
        world = World(dict(sizes), drawn_from, moderate=moderate, whole=True, sparse=sparse, penalty=arb("-inf"))
        if _is_covered(derivation, world):
            return world
    raise StepRefusedError("no parameters were found whose support holds all samples")


def _is_covered(derivation: Derivation, world: World) -> bool:
    """Whether each sample lies in the support of some component; where no support ends at a parameter, all do."""
    if not derivation.log_joint.value.contains(lambda part: isinstance(part, Support)):
        return True
    try:
        joint = _members(Evaluator(world), derivation.log_joint)
    except ZeroDivisionError:  # a support is empty
        return False
    inside = {at[0] for (_, at), value in joint.items() if ball(value).is_finite()}
    return inside == {at[0] for _, at in joint}


def _members(exact: Evaluator, equation: UpdateEquation) -> dict[tuple[str, Position], Value]:
    """Values of all members of the equation's target."""
    target = equation.target
    return {
        (target.family.name, at): exact(equation.value, dict(zip(target.indices, at, strict=True)))
        for at in exact.world.positions(target.family)
    }


def _array(exact: Evaluator, equation: UpdateEquation) -> Array:
    return stored(exact.world, equation.target.family, {at: v for (_, at), v in _members(exact, equation).items()})


def _difference(where: str, found: Array, expected: Array) -> float:
    if found.shape != expected.shape:
        raise StepRefusedError(f"{where}: the code gives shape {found.shape}, the derivation {expected.shape}")
    unlike = found != expected  # an infinite entry, as the log of zero is, must be the same
    largest = float(np.max(np.abs(expected), initial=1.0, where=np.isfinite(expected)))
    worst = float(np.max(np.abs(found[unlike] - expected[unlike]), initial=0.0)) / largest
    if not worst <= TOLERANCE:
        raise StepRefusedError(f"{where}: code and derivation differ by {worst:.1e} relative")
    return worst
