"""All of EM for a model: the sections of the derivation in textbook order, the updates in the order of the M-step."""

from dataclasses import replace

from derive.em.e_step import expectation_step
from derive.em.ledger import Ledger
from derive.em.m_step import maximisation_step, update_value
from derive.em.maximum import require_domain
from derive.em.model_section import state_model
from derive.em.notation import Notation
from derive.em.objective import state_objective
from derive.language.family import Family, Symbol
from derive.language.rewrite import mentions
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation, UpdateEquation
from derive.proof.sign import sign


def derive_em(model: Mixture) -> Derivation:
    """Derive EM for a mixture model, every step certified.

    Raises NoClosedFormError where an update cannot be found or shown to be a maximum, StepRefusedError where a
    certificate fails. Where updates depend on each other, the later ones use the new values and the first the previous
    ones: each then maximises Q in its own parameter (ECM, Meng and Rubin 1993), and Q never falls.
    """
    notation = Notation(model)
    ledger = Ledger(Certifier(model.extents))
    stated = state_model(ledger, notation)
    responsibilities = expectation_step(ledger, notation)
    state_objective(ledger, notation)
    order, previous = _order(notation)
    updates = []
    for family in order:
        update = maximisation_step(ledger, notation, family)
        earlier = tuple(Symbol(other, other.indices) for other in previous[family])
        updates.append(replace(update, previous=earlier))
    ledger.close("The M-step as a whole", _as_a_whole(updates, notation))
    return Derivation(
        model.name,
        model.summary,
        _families(model, order),
        tuple(ledger.sections),
        stated.log_joint,
        responsibilities,
        stated.log_likelihood,
        tuple(updates),
        stated.objective,
        stated.log_prior,
    )


def _as_a_whole(updates: list[UpdateEquation], notation: Notation) -> str:
    """Say what the updates together maximise, and what that means for the log-likelihood or log-posterior."""
    q, never = notation.objective.name, f"so EM never lowers the {notation.reached_name}."
    coupled = [update for update in updates if update.previous]
    if not coupled:
        return (
            f"Each update maximises {q} over its own parameter whatever the others are, or given those updated before "
            f"it, which do not depend on it: together they are the global maximum of {q}, {never}"
        )
    names = " and ".join(
        f"{update.target.family.name} needs the previous {', '.join(s.family.name for s in update.previous)}"
        for update in coupled
    )
    return (
        f"The updates depend on each other ({names}), so they are computed in turn: each maximises {q} over its own "
        f"parameter given the newest values of the others (ECM, Meng and Rubin 1993). One such pass raises {q}, "
        f"without having to reach its joint maximum, {never}"
    )


def _families(model: Mixture, order: list[Family]) -> tuple[Family, ...]:
    """Weights first, then the parameters in the order of their updates, then the rest."""
    estimated = [family for family in order if family != model.weights]
    return tuple(dict.fromkeys((model.weights, *estimated, model.data, *model.knowns)))


def _order(notation: Notation) -> tuple[list[Family], dict[Family, list[Family]]]:
    """Order the updates so that each uses parameters already updated; name those it needs the previous values of.

    Where updates depend on each other in a circle, one without a sign constraint (a location) goes first. The weights
    come last where they can, as in the textbooks.
    """
    weights = notation.model.weights
    parameters = sorted(notation.model.parameters, key=lambda family: (family == weights, family.domain.positive))
    values = {family: update_value(notation, family) for family in parameters}
    for family, value in values.items():
        if (
            value.shape.is_scalar and sign(value) is None
        ):  # with a sign, right or wrong, the second differential gives the better reason
            require_domain(notation.symbol(family), value)
    needs = {f: [g for g in parameters if g != f and values[f].contains(mentions(g))] for f in parameters}
    awaited = any(weights in needed for needed in needs.values())
    order: list[Family] = []
    previous: dict[Family, list[Family]] = {}
    while len(order) < len(parameters):
        left = [family for family in parameters if family not in order]
        others = [family for family in left if family != weights or awaited] or left
        ready = [family for family in others if set(needs[family]) <= set(order)]
        chosen = (ready or others)[0]
        previous[chosen] = [family for family in needs[chosen] if family not in order]
        order.append(chosen)
    return order, previous
