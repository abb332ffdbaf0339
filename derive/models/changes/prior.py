"""Give a model a prior: EM then finds the mode of the posterior (MAP)."""

from dataclasses import replace

from derive.errors import ModelError
from derive.language.expr import Expr, add
from derive.language.functions import sum_over
from derive.language.operand import Operand
from derive.models.changes.naming import described, renamed
from derive.models.mixture import Mixture


def with_prior(model: Mixture, *log_priors: Expr) -> Mixture:
    """Return the model with log densities added to its log prior: ``with_prior(model, normal(mu[k], m0, S0))``.

    Each is a formula in the model's parameters and known constants; the indices that it leaves free are summed over:
    the members of a family are independent of each other. Bishop 2006, sec. 9.4.
    Raises ModelError for a prior on a symbol that is not there, on data, or on nothing.
    """
    if not log_priors:
        raise ModelError(f"{model.name}: with_prior needs a prior, such as normal(mu[k], 0, 10)")
    prior = model.log_prior
    for given in log_priors:
        if not isinstance(given, Operand):
            raise ModelError(f"{model.name}: the prior is {given!r}, not a formula in the symbols of the model")
        total = given.plus(0)
        for index in sorted(total.free, reverse=True):
            total = sum_over(index, total)
        prior = total if prior is None else add(prior, total)
    if model.log_prior is not None:
        return replace(model, log_prior=prior)
    name, summary = renamed(model, "with-prior"), described(model, "with a prior, for the mode of the posterior")
    return replace(model, name=name, summary=summary, log_prior=prior)
