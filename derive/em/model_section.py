"""The model as given: log density, log joint, and the log-likelihood of the data."""

from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.language.calculus_nodes import Named
from derive.language.functions import log
from derive.proof.derivation import UpdateEquation


def state_model(ledger: Ledger, notation: Notation) -> tuple[UpdateEquation, UpdateEquation]:
    """Write down density, log joint and log-likelihood; return the last two as equations for code."""
    model, n, k = notation.model, notation.n, notation.k
    density = Named(f"log f(x_{n} | theta_{k})", rf"\log f(x_{n} \mid \theta_{k})", model.log_density)
    ledger.add(density, model.log_density, "log-density", "log density of a sample in a component, as given")
    joint = Named(f"l_{n}{k}", rf"\ell_{{{n}{k}}}", model.log_joint)
    joint_step = ledger.add(joint, log(model.weights[k]) + density, "log-joint", "log of weight times density")
    likelihood = notation.log_likelihood
    words = "independent samples, the label summed out"
    likelihood_step = ledger.add(
        likelihood, likelihood.definition, "log-likelihood", words, source="bishop2006: (9.14)"
    )
    ledger.close("The model", model.summary)
    return (
        UpdateEquation(notation.symbol(notation.ell), model.log_joint, joint_step.number),
        UpdateEquation(notation.symbol(notation.ell), likelihood.definition, likelihood_step.number),
    )
