"""The model as given: log density, log joint, and the log-likelihood of the data."""

from dataclasses import dataclass

from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.errors import ModelError, StepRefusedError
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr, Power
from derive.language.family import Symbol
from derive.language.functions import Log, LogDet, log
from derive.language.special import BesselRatio, LogBesselI, LogGamma, PolyGamma
from derive.models.mixture import Mixture
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import definite, sign


def check_domains(model: Mixture, expr: Expr) -> None:
    """Refuse a log, a log determinant or a root of what no declared domain makes positive; ModelError names it."""
    name = model.named
    arg = expr.children[0] if isinstance(expr, Log | LogDet | Power) else None
    if isinstance(expr, Log) or (isinstance(expr, Power) and expr.exponent.denominator != 1):
        proved = sign(expr.children[0])
        if proved is None or proved.sign < 0:
            what = "log" if isinstance(expr, Log) else f"the power {expr.exponent}"
            how = "declare domain=Positive" if isinstance(arg, Symbol) else "that has to follow from declared domains"
            lines = model.lines_of(expr.children[0])
            raise ModelError(f"{name}: {what} of {arg}, which is not known to be positive; {how}{lines}")
    if isinstance(expr, LogDet) and not definite(expr.arg):
        lines = model.lines_of(expr.arg)
        raise ModelError(
            f"{name}: logdet of {arg}, which is not known to be positive definite; declare its domain{lines}"
        )
    for child in expr.children:
        check_domains(model, child)


def check_special(model: Mixture, expr: Expr) -> None:
    """Refuse a function of positive numbers, such as loggamma, of what no declared domain makes positive."""
    if isinstance(expr, LogGamma | PolyGamma | LogBesselI | BesselRatio):
        proved = sign(expr.arg)
        if proved is None or proved.sign < 0:
            raise ModelError(
                f"{model.named}: {expr} needs a positive number, which {expr.arg} is not known to be; declare "
                f"domain=Positive{model.lines_of(expr.arg)}"
            )
    for child in expr.children:
        check_special(model, child)


@dataclass(frozen=True)
class Stated:
    """The equations of the model that code computes; log_prior: None without a prior."""

    log_joint: UpdateEquation
    log_likelihood: UpdateEquation
    log_prior: UpdateEquation | None
    objective: UpdateEquation


def state_model(ledger: Ledger, notation: Notation) -> Stated:
    """Write down density, log joint, log-likelihood and prior; return them as equations for code."""
    model, n, k = notation.model, notation.n, notation.k
    check_domains(model, model.density)
    density = notation.density(k, model.density, logged=True)
    try:
        ledger.add(density, model.density, "log-density", notation.density_words)
    except StepRefusedError:
        check_special(model, model.density)  # which often is why
        raise
    joint = Named(f"l_{n}{k}", rf"\ell_{{{n}{k}}}", model.log_joint)
    joint_step = ledger.add(joint, log(model.weight) + density, "log-joint", "log of weight times density")
    likelihood = notation.log_likelihood
    words = "independent samples, the label summed out"
    if model.sample_weights is not None:
        words += f"; row {n} stands for {model.sample_weight} equal samples"
    likelihood_step = ledger.add(
        likelihood, likelihood.definition, "log-likelihood", words, source="bishop2006: (9.14)"
    )
    log_likelihood = UpdateEquation(notation.symbol(notation.total), likelihood.definition, likelihood_step.number)
    prior = _state_prior(ledger, notation)
    objective = log_likelihood if prior is None else _state_posterior(ledger, notation)
    ledger.close("The model", model.summary)
    log_joint = UpdateEquation(notation.symbol(notation.ell), model.log_joint, joint_step.number)
    return Stated(log_joint, log_likelihood, prior, objective)


def _state_prior(ledger: Ledger, notation: Notation) -> UpdateEquation | None:
    if notation.model.log_prior is None:
        return None
    prior = notation.log_prior
    check_domains(notation.model, prior.definition)
    words = "log density of the prior, up to a constant that no parameter enters"
    step = ledger.add(prior, prior.definition, "log-prior", words)
    return UpdateEquation(notation.symbol(notation.prior_total), prior.definition, step.number)


def _state_posterior(ledger: Ledger, notation: Notation) -> UpdateEquation:
    """Bayes' theorem, up to log p(X)."""
    posterior = notation.log_posterior
    words = "the log-posterior up to log p(data), which no parameter enters: what EM is to raise"
    step = ledger.add(posterior, posterior.definition, "log-posterior", words, source="bishop2006: (9.76)")
    return UpdateEquation(notation.symbol(notation.reached), posterior.definition, step.number)
