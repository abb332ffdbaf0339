"""Another formula in place of a symbol, everywhere in a model's description."""

from dataclasses import replace

from derive.errors import ModelError
from derive.language.expr import Add, Expr, add
from derive.language.family import Family, Role, Symbol
from derive.language.rewrite import coefficient, mentions, scaled, substitute, terms
from derive.models.changes.naming import described
from derive.models.mixture import Mixture


def replaced(model: Mixture, family: Family, value: Expr, name: str, words: str) -> Mixture:
    """Return the model with ``value``, written for the family's own indices, in place of the family.

    Terms of the prior that no parameter enters any more are dropped: they are constant. Raises ModelError where nothing
    would be left to estimate.
    """
    symbol = Symbol(family, family.indices)
    density = opened(substitute(model.log_density, symbol, value))
    changes: dict[str, object] = {"log_density": density}
    if model.log_prior is not None:
        prior = opened(substitute(model.log_prior, symbol, value))
        kept = [term for term in terms(prior) if term.contains(_is_parameter)]
        changes["log_prior"] = add(*kept) if kept else None
    if family == model.weights:
        changes["weights"] = value.family if isinstance(value, Symbol) else family
    return replace(model, name=name, summary=described(model, words), **changes)  # type: ignore[arg-type]


def opened(expr: Expr) -> Expr:
    """Open the brackets of a sum that stands in another: x - (a + b) becomes x - a - b."""
    expr = expr.map(opened)
    if not isinstance(expr, Add):
        return expr
    return add(*(part for term in expr.terms for part in _opened(term)))


def _opened(term: Expr) -> tuple[Expr, ...]:
    number, rest = coefficient(term)
    return terms(scaled(number, rest)) if abs(number) == 1 else (term,)


def _is_parameter(expr: Expr) -> bool:
    return isinstance(expr, Symbol) and expr.family.role is Role.PARAMETER


def parameter(model: Mixture, family: Family) -> Family:
    """Return the family if it is a parameter of the model; raises ModelError where it is not."""
    if family.role is Role.DATA:
        raise ModelError(f"{model.name}: {family} is data: it cannot be fixed or tied")
    if family.role is not Role.PARAMETER:
        raise ModelError(f"{model.name}: {family} is known already: there is nothing to fix or tie")
    if family not in model.families:
        raise ModelError(f"{model.name}: {family} is fixed already")
    return family


def mentioned(expr: Expr, family: Family) -> bool:
    """Whether an expression contains a member of the family."""
    return expr.contains(mentions(family))
