"""The objective of the M-step: Q, the expected complete-data log-likelihood, beside the log-likelihood."""

from derive.em.components import state_apart
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.language.calculus_nodes import At, Expectation
from derive.language.functions import log


def state_objective(ledger: Ledger, notation: Notation) -> None:
    """Derive Q, its relation to the free energy, and what a prior adds to it."""
    n, k = notation.n, notation.k
    ell, gamma, z = notation.ell[n, k], notation.gamma[n, k], notation.z[n, k]
    labelled = notation.over_samples_and_components(z * ell)
    complete = notation.complete_log_likelihood(labelled)
    z_nk, x_n, gamma_nk = notation.spoken(notation.z), notation.spoken_sample, notation.spoken(notation.gamma)
    words = f"complete data: {z_nk} = 1 where {x_n} comes from component {k}, else 0"
    ledger.add(complete, labelled, "complete-data", words, source="bishop2006: (9.36)")
    expected = notation.over_samples_and_components(gamma * ell)
    ledger.add(
        Expectation(complete, notation.z, notation.gamma),
        expected,
        "expectation",
        f"linear in {z_nk}, whose expectation is {gamma_nk}",
        source="bishop2006: (9.40)",
    )
    function = notation.expected
    together = notation.over_samples_and_components(gamma * notation.model.log_joint)
    ledger.add(function, together, "objective", "this expectation, as a function of the parameters")
    state_apart(ledger, notation.model, function, together)
    entropy = notation.over_samples_and_components(gamma * log(gamma))
    ledger.add(
        At(notation.free_energy, notation.symbol(notation.q), gamma),
        expected - entropy,
        "free-energy-at-responsibilities",
        f"Q is not the log-likelihood: with the entropy of {notation.gamma.name}, which no parameter enters, it is the "
        "bound F",
    )
    words = (
        "With the responsibilities held fixed, raising Q raises the bound F, which touches the log-likelihood where "
        "they were computed. So an M-step that does not lower Q never lowers the log-likelihood."
    )
    ledger.close("Objective of the M-step", add_prior(ledger, notation) or words)


def add_prior(ledger: Ledger, notation: Notation) -> str:
    """Add the log prior to Q, where there is one; return what that means."""
    objective, prior = notation.objective, notation.log_prior
    if notation.model.log_prior is None:
        return ""
    words = "with a prior the M-step maximises the sum, for the mode of the posterior (MAP)"
    ledger.add(objective, notation.expected + prior, "map-objective", words, source="bishop2006: (9.77)")
    return (
        f"With the responsibilities held fixed, raising Q_MAP raises F + {prior.name}, which touches the "
        "log-likelihood plus the log prior where they were computed. So an M-step that does not lower Q_MAP never "
        "lowers the log-posterior."
    )
