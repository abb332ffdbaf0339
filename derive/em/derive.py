"""All of EM for a model: the sections of the derivation in textbook order, the updates in the order of the M-step."""

from dataclasses import replace

from derive.em.e_step import expectation_step
from derive.em.features import separate_features
from derive.em.latent import LatentNotation, notation_of
from derive.em.latent_steps import integrate_out, state_latent_objective
from derive.em.ledger import Ledger
from derive.em.members import beyond, maximisation_step
from derive.em.model_section import state_model
from derive.em.naming import naming, require_evidence
from derive.em.newton import joint_step
from derive.em.notation import Notation
from derive.em.objective import state_objective
from derive.em.plan import Plan, plan
from derive.em.statistics import sufficient_statistics
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language.family import Family
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation, Statistics, UpdateEquation


def derive_em(model: Mixture) -> Derivation:
    """Derive EM for a mixture model, every step certified.

    Raises NoClosedFormError where an update cannot be found or shown to be a maximum, also where a step on the way to
    it is not certified, and StepRefusedError where the certificate of any other step fails. Where updates depend on
    each other, the later ones use the new values and the first the previous ones: each then maximises Q in its own
    parameter (ECM, Meng and Rubin 1993), and Q never falls.
    """
    notation = notation_of(model)
    ledger = Ledger(Certifier(model.extents, more=beyond(model)))
    moments = integrate_out(ledger, notation) if isinstance(notation, LatentNotation) else ()
    stated = state_model(ledger, notation)
    responsibilities = expectation_step(ledger, notation)
    starts = _state_objective(ledger, notation)
    with naming(notation):
        made = plan(notation)
        require_evidence(notation, made.values)
    found: dict[Family, UpdateEquation] = {}
    for family in made.written:
        for update in _maximised(ledger, notation, made, family, found):
            target = update.target.family
            earlier = tuple(notation.symbol(needed) for needed in made.previous[target])
            found[target] = replace(update, previous=earlier)
    updates = [found[family] for family in made.order]
    ledger.close("The M-step as a whole", _as_a_whole(updates, notation))
    statistics, why_none = _statistics(ledger, notation, tuple(updates))
    features = None if statistics is None else separate_features(ledger, notation, statistics)
    return Derivation(
        model.name,
        model.summary,
        _families(model, made.written),
        tuple(ledger.sections),
        stated.log_joint,
        responsibilities,
        stated.log_likelihood,
        tuple(updates),
        stated.objective,
        stated.log_prior,
        model.sample_weights,
        statistics,
        why_none,
        features,
        model.origin,
        moments,
        starts,
    )


def _maximised(
    ledger: Ledger, notation: Notation, made: Plan, family: Family, found: dict[Family, UpdateEquation]
) -> list[UpdateEquation]:
    """Write down the M-step for a family and all that are solved for together with it; nothing where that was done."""
    if family in found:
        return []
    with naming(notation, family):
        try:
            return _written(ledger, notation, made, family, found)
        except StepRefusedError as error:
            raise NoClosedFormError(_uncertified(notation, family, error)) from error


def _written(
    ledger: Ledger, notation: Notation, made: Plan, family: Family, found: dict[Family, UpdateEquation]
) -> list[UpdateEquation]:
    if family in made.groups:
        return joint_step(ledger, notation, made.groups[family])
    other = made.eliminated.get(family)
    return [maximisation_step(ledger, notation, family, None if other is None else found[other])]


def _uncertified(notation: Notation, family: Family, error: StepRefusedError) -> str:
    """Say what was tried and what would help, where a step on the way to an update is not certified."""
    name = family.name
    return (
        f"an update of {notation.symbol(family)} was found, but a step of its derivation is not certified, so it is "
        f"not given: {error}; it may help to write the density in another form of {name}, such as its inverse or "
        f"logarithm, to put a prior on it (--prior), or to hold it known (--fix {name})"
    )


def _state_objective(ledger: Ledger, notation: Notation) -> tuple[UpdateEquation, ...]:
    """State Q; return what the moments of a latent variable start as, if there is one."""
    if isinstance(notation, LatentNotation):
        return state_latent_objective(ledger, notation)
    state_objective(ledger, notation)
    return ()


def _statistics(
    ledger: Ledger, notation: Notation, updates: tuple[UpdateEquation, ...]
) -> tuple[Statistics | None, str]:
    """Return the sufficient statistics, or why there are none."""
    if isinstance(notation, LatentNotation):
        return None, f"the updates need moments of {notation.u} at the previous parameters, not data alone"
    return sufficient_statistics(ledger, notation, updates)


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
    shown = [family for family in model.families if family == model.weights]
    return tuple(dict.fromkeys((*shown, *estimated, model.data, *model.knowns)))
