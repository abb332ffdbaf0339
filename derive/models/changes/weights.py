"""Sample weights, in two meanings that give different updates; the user says which.

Frequency weights count: row n stands for w_n equal samples. Every sum over the samples is weighted, N becomes
sum_n w_n, and the log-likelihood is that of the data with each row repeated w_n times.

Precision weights say how exact a sample is: its covariance is divided by w_n. This changes the density, so the
responsibilities too; the number of samples stays N.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from derive.errors import ModelError
from derive.language.domain import NonNegative, Positive
from derive.language.expr import Add, Expr, Mul, Number, Power, Transpose, Word, add, mul
from derive.language.family import Family, Known, Role, Symbol
from derive.language.functions import Constant, DiagonalPart, Inverse, Log, LogDet, Size, Sum, Trace, log, logdet
from derive.language.rewrite import factors, mentions, substitute, terms
from derive.models.changes.naming import described, renamed
from derive.models.mixture import Mixture


def frequency_weights(model: Mixture, name: str = "w", *, code: str = "sample_weight") -> Mixture:
    """Return the model whose row n stands for w_n >= 0 equal samples, fractions allowed.

    name: of the weights in formulas. code: the keyword argument of generated functions, shape (N,).
    Raises ModelError where the name is taken or the model has such weights already. McLachlan and Peel 2000, sec. 2.
    """
    if model.sample_weights is not None:
        raise ModelError(f"{model.name}: it has the sample weights {model.sample_weights} already")
    w = Known(name, model.sample, domain=NonNegative, code=code)
    summary = described(model, f"row {model.sample} counts {w} times")
    return replace(model, name=renamed(model, "frequency-weights"), summary=summary, sample_weights=w)


def precision_weights(model: Mixture, family: Family, name: str = "w", *, code: str = "sample_weight") -> Mixture:
    """Return the model in which the covariance of sample n is divided by w_n > 0, or its precision multiplied by it.

    family: the covariance, variance or precision of the density. name, code: as for ``frequency_weights``.
    Raises ModelError where the density is no function of that family as one of these.
    """
    if family not in model.families or family.role is Role.DATA:
        has = ", ".join(str(other) for other in model.families if other.role is not Role.DATA)
        raise ModelError(f"{model.name}: precision weights on {family}, which the density does not have; it has {has}")
    n, symbol = model.sample, Symbol(family, family.indices)
    w = Known(name, n, domain=Positive, code=code)
    exponent = _scale(model, family)
    density = _split_determinants(substitute(model.log_density, symbol, w[n] ** exponent * symbol))
    opened = (_opened(term) if _has_log(term, w) else (term,) for term in terms(density))
    total = add(*chain.from_iterable(opened))
    summary = described(model, f"{family.name} {'times' if exponent > 0 else 'over'} {w} for sample {n}")
    return replace(model, name=renamed(model, "precision-weights"), summary=summary, log_density=total)


def _has_log(term: Expr, w: Family) -> bool:
    return term.contains(lambda part: isinstance(part, Log) and part.contains(mentions(w)))


def _scale(model: Mixture, family: Family) -> int:
    """Return -1 where the density is -a log|V| - q(x) V^-1, 1 where it is a log|L| - q(x) L; else ModelError."""
    degrees = set()
    if family.domain.positive and not family.domain.below_one:
        opened = _opened(_split_determinants(model.log_density))  # log(2 pi V) = log 2 + log pi + log V
        degrees = {_degree(term, family) for term in opened if not _is_log(term, family)} - {0}
    if degrees not in ({-1}, {1}):
        raise ModelError(
            f"{model.name}: {family} is no covariance, variance or precision: apart from a multiple of its log (or log "
            f"determinant), the log density must be linear in its inverse or in itself; precision weights have no "
            "meaning for it"
        )
    return 1 if degrees == {1} else -1


def _opened(expr: Expr) -> Iterator[Expr]:
    for term in terms(expr):
        *scalars, last = factors(term)
        if isinstance(last, Add) and last.shape.is_scalar:
            yield from (mul(*scalars, part) for part in _opened(last))
        else:
            yield term


def _is_log(term: Expr, family: Family) -> bool:
    """Whether a term is a constant times the log, or the log determinant, of the family."""
    *scalars, last = factors(term)
    held = isinstance(last, Log | LogDet) and isinstance(last.children[0], Symbol)
    return held and mentions(family)(last.children[0]) and all(isinstance(s, Number | Size) for s in scalars)


def _degree(expr: Expr, family: Family) -> Fraction | None:
    """Return the power with which an expression scales with the family: 0 without it, None where it does not."""
    if not expr.contains(mentions(family)):
        return Fraction(0)
    match expr:
        case Symbol():
            return Fraction(1)
        case Mul() | Word():
            found = [_degree(child, family) for child in expr.children]
            return None if None in found else sum((part for part in found if part is not None), Fraction(0))
        case Add():
            same = {_degree(child, family) for child in expr.children}
            return same.pop() if len(same) == 1 else None
        case Power(base, exponent):
            inner = _degree(base, family)
            return None if inner is None else inner * exponent
        case Inverse(arg):
            inner = _degree(arg, family)
            return None if inner is None else -inner
        case Trace() | Transpose() | DiagonalPart() | Sum():
            return _degree(expr.children[0], family)
    return None


def _split_determinants(expr: Expr) -> Expr:
    """Write log|c A| as D log c + log|A|, and log(c v) as log c + log v, where c is a product of positive numbers."""
    expr = expr.map(_split_determinants)
    arg = expr.children[0] if isinstance(expr, Log | LogDet) else None
    *scalars, last = factors(expr if arg is None else arg)
    if arg is None or not scalars or not all(map(_is_positive, scalars)):
        return expr
    if isinstance(expr, LogDet):
        return mul(Size(arg.shape.rows), log(mul(*scalars))) + logdet(last)
    return add(*map(log, scalars), log(last)) if _is_positive(last) else expr


def _is_positive(factor: Expr) -> bool:
    base = factor.base if isinstance(factor, Power) else factor
    return base.value > 0 if isinstance(base, Number) else isinstance(base, Constant | Size) or base.positive
