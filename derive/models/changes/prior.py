"""Give a model a prior: EM then finds the mode of the posterior (MAP)."""

from dataclasses import replace

from derive.errors import ModelError
from derive.language.expr import Expr, add
from derive.language.functions import sum_over
from derive.language.index import Index
from derive.language.operand import Operand
from derive.language.rewrite import terms
from derive.models.changes.naming import described, renamed
from derive.models.mixture import Mixture


def with_prior(model: Mixture, *log_priors: Expr) -> Mixture:
    """Return the model with log densities added to its log prior: ``with_prior(model, normal(mu[k], m0, S0))``.

    Each is a formula in the model's parameters and known constants; the indices that its terms leave free are summed
    over: the members of a family are independent of each other. Bishop 2006, sec. 9.4.
    Raises ModelError for a prior on a symbol that is not there, on data, or on nothing.
    """
    if not log_priors:
        raise ModelError(f"{model.name}: with_prior needs a prior, such as normal(mu[k], 0, 10)")
    prior = model.log_prior
    for given in log_priors:
        if not isinstance(given, Operand):
            raise ModelError(f"{model.name}: the prior is {given!r}, not a formula in the symbols of the model")
        total = _summed(given.plus(0))
        prior = total if prior is None else add(prior, total)
    if model.log_prior is not None:
        return replace(model, log_prior=prior)
    name, summary = renamed(model, "with-prior"), described(model, "with a prior, for the mode of the posterior")
    return replace(model, name=name, summary=summary, log_prior=prior)


def _summed(prior: Expr) -> Expr:
    """Sum over what is left free, what carries the same indices together: a prior on pi[k] has been summed already."""
    groups: dict[frozenset[Index], list[Expr]] = {}
    for term in terms(prior):
        groups.setdefault(term.free, []).append(term)
    totals = []
    for free, found in groups.items():
        total = add(*found)
        for index in sorted(free, reverse=True):
            total = sum_over(index, total)
        totals.append(total)
    return add(*totals)
