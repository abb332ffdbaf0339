"""What the parts of a formula are to the model: responsibilities, weights, data, sums over samples and components."""

from collections.abc import Iterator

from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, Number, Power, Word, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Exp, Size, Sum
from derive.language.index import Index


def is_gamma(expr: Expr) -> bool:
    """Whether it is a responsibility."""
    return isinstance(expr, Symbol) and expr.family.role is Role.RESPONSIBILITY


def is_weight(expr: Expr, notation: Notation) -> bool:
    """Whether it is a mixing weight."""
    return isinstance(expr, Symbol) and expr.family == notation.model.weights


def is_parameter(expr: Expr, notation: Notation) -> bool:
    """Whether it is a parameter of a component, not a weight."""
    return isinstance(expr, Symbol) and expr.family.role is Role.PARAMETER and not is_weight(expr, notation)


def is_data(expr: Expr) -> bool:
    """Whether it is the data of a sample."""
    return isinstance(expr, Symbol) and expr.family.role is Role.DATA


def is_mean(expr: Expr, notation: Notation) -> bool:
    """Whether it is a location: a real parameter of the shape of a sample."""
    real = isinstance(expr, Symbol) and not (expr.family.domain.nonnegative or expr.family.domain.side is not None)
    return real and is_parameter(expr, notation) and expr.shape == notation.model.data.shape


def is_matrix(expr: Expr) -> bool:
    """Whether it is a covariance or another definite matrix."""
    return isinstance(expr, Symbol) and expr.family.domain.side is not None


def is_multiplier(expr: Expr) -> bool:
    """Whether it is a Lagrange multiplier."""
    return isinstance(expr, Symbol) and expr.family.role is Role.MULTIPLIER


def over_samples(expr: Expr, notation: Notation) -> bool:
    """Whether it is a sum over the samples."""
    return isinstance(expr, Sum) and expr.index.size == notation.n.size


def over_components(expr: Expr, notation: Notation) -> bool:
    """Whether it is a sum over the components."""
    return isinstance(expr, Sum) and expr.index.size == notation.k.size


def is_count(expr: Expr, notation: Notation) -> bool:
    """Whether it is N_k = sum_n gamma_nk."""
    return isinstance(expr, Sum) and over_samples(expr, notation) and is_gamma(expr.body)


def is_reciprocal(expr: Expr) -> bool:
    """Whether it is 1 / something."""
    return isinstance(expr, Power) and expr.exponent == -1


def is_size(expr: Expr, index: Index) -> bool:
    """Whether it is the number of samples, or of components."""
    return isinstance(expr, Size) and expr.extent == index.size


def has_exp(expr: Expr) -> bool:
    """Whether a density stands in it."""
    return expr.contains(lambda part: isinstance(part, Exp))


def is_outer(expr: Expr) -> bool:
    """Whether it is v v'."""
    return (
        isinstance(expr, Word) and len(expr.letters) == 2 and expr.letters[0].shape.is_column and expr.shape.is_square
    )


def without(expr: Add | Mul, place: int) -> tuple[Expr, ...]:
    """All children but one."""
    return expr.children[:place] + expr.children[place + 1 :]


def coefficients(expr: Expr) -> Iterator[tuple[Number, tuple[Expr, ...]]]:
    """A number in front of a product, and the other factors."""
    if isinstance(expr, Mul) and isinstance(expr.factors[0], Number):
        yield expr.factors[0], expr.factors[1:]


def times(*factors: Expr | int) -> Expr:
    """Multiply."""
    return mul(*factors)
