"""Runs the updates of a derivation at concrete sizes, and holds each against numerical maximisation of Q."""

import numpy as np

from derive.em import derive_em
from derive.proof.derivation import Derivation, UpdateEquation
from tests.em.densities import Case, Values
from tests.em.maximise import Objective, maximise
from tests.language.floats import Array, Floats

SIZES = {"N": 9, "K": 2, "D": 3, "P": 2, "J": 3, "M": 9, "C": 2}


def q_of(case: Case, values: Values, gamma: Array) -> float:
    """Q = sum of w_n gamma_nk (log pi_k + log f), plus log prior, from the density and prior as written in NumPy."""
    weights, often = values[case.model.weights.name][:, 0, 0], case.model.sample_weights
    shares = gamma[..., 0, 0] if often is None else values[often.name][:, 0] * gamma[..., 0, 0]
    return float(np.sum(shares * (np.log(weights) + case.density(values)))) + case.prior(values)


def _objective(case: Case, floats: Floats, name: str, gamma: Array) -> Objective:
    """Q as a function of one parameter, all others as they are now."""
    return lambda members: q_of(case, floats.values | {name: members}, gamma)


def _profiled(case: Case, floats: Floats, name: str, gamma: Array, later: tuple[UpdateEquation, ...]) -> Objective:
    """Q as a function of one parameter, with those updated later at their updates, which are held to it themselves."""

    def objective(members: Array) -> float:
        moved = floats.with_values({name: members})
        for update in later:
            family = update.target.family
            moved = moved.with_values({family.name: moved.all_of(family, update.value)})
        return q_of(case, moved.values, gamma)

    return objective


def disagreements(case: Case, seed: int = 0, sizes: dict[str, int] = SIZES) -> list[str]:
    """Derive, run the updates in order, and say where one is not what maximises Q in its parameter."""
    return check_derivation(case, derive_em(case.model), seed, sizes)


def check_derivation(case: Case, derivation: Derivation, seed: int = 0, sizes: dict[str, int] = SIZES) -> list[str]:
    """Run the updates of a derivation of the case's model and compare."""
    rng = np.random.default_rng(seed)
    floats = Floats({}, sizes, seed)
    for family in case.model.families:
        floats.family(family)
    if case.model.weights_value is not None:
        components = range(sizes[case.model.component.size.name])
        value = [floats(case.model.weights_value, {case.model.component: k}) for k in components]
        floats.values[case.model.weights.name] = np.array(value)
    wrong: list[str] = []
    done: list[str] = []
    for update in derivation.updates:
        family = update.target.family
        gamma = floats.family(derivation.responsibilities.target.family)
        unseen = (
            {f.name for f in case.model.parameters}
            - set(done)
            - {family.name}
            - {s.family.name for s in update.previous}
        )
        known = {name: value for name, value in floats.values.items() if name not in unseen}
        found = Floats(known, sizes, seed + 77).all_of(family, update.value)

        objective = _objective(case, floats, family.name, gamma)
        if update.argument == "profile":
            objective = _profiled(case, floats, family.name, gamma, derivation.updates[len(done) + 1 :])
        best = maximise(objective, family, sizes, rng)
        if not (np.isfinite(found).all() and objective(found) >= objective(best) - 1e-7 * (1 + abs(objective(best)))):
            wrong.append(f"{family.name}: Q = {objective(found)} at the update, {objective(best)} at the maximum")
        elif not np.allclose(found, best, rtol=2e-3, atol=2e-3):
            wrong.append(f"{family.name}: {found.tolist()} is not {best.tolist()}")
        floats = floats.with_values({family.name: found})
        done.append(family.name)
    if {update.target.family for update in derivation.updates} != set(case.model.parameters):
        wrong.append("some parameter has no update")
    return wrong
