"""A stationary point is the maximum: the sign of the second differential, and the domain of the update."""

from fractions import Fraction

from derive.calculus.differential import differential, direction
from derive.calculus.gradient import gradient
from derive.em.hyperparameters import advice
from derive.em.interval import require_at_most_one, show_at_most_one
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative, Named, SecondDifferential
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import inverse
from derive.language.rewrite import collect, distribute, mentions, pull_out, substitute
from derive.language.root_of import RootOf
from derive.proof.sign import semidefinite, sign
from derive.proof.step import Relation
from derive.solve.clear import multiply_through
from derive.solve.numeric import moving_multiple, slope_of

ZERO = Number(Fraction(0))


def second_differential(body: Expr, family: Family) -> Expr:
    """Return d^2 of a scalar along a family's differentials, with the inverse of an inverse family written plainly."""
    second = pull_out(collect(differential(differential(body, family), family)))
    if sign(second) is None:  # multiplied out, terms of both signs may cancel
        second = pull_out(collect(add(*distribute(second, mentions(family)))))
    if family.inverse_of is None:
        return second
    base = family.inverse_of
    return collect(substitute(second, Symbol(family, family.indices), inverse(Symbol(base, base.indices))))


def show_concave(
    ledger: Ledger, objective: Named, body: Expr, family: Family, point: str = "the stationary point"
) -> None:
    """Write down d^2 of the objective, its form as a sum of squares, and its sign. point: what is the maximum."""
    second, member = second_differential(body, family), Symbol(family, family.indices)
    left = SecondDifferential(objective, family, direction(family))
    ledger.add(
        left, second, "second-differential", "along any direction of the tangent space", source="magnus2019: ch. 10"
    )
    proved = sign(second)
    if proved is None:
        raise NoClosedFormError(
            f"the stationary point in {member} is not shown to be a maximum: "
            + advice(second, f"no rule settles the sign of d^2 {objective.name}")
        )
    if proved.sign > 0:
        raise NoClosedFormError(
            f"{objective.name} is convex in {member}: its stationary point is a minimum, and it has no maximum; "
            "check the signs in the density"
        )
    manifest = proved.manifest
    if manifest != second:
        words = "a sum of squares; C C' is the positive definite matrix in the middle"
        ledger.add(second, manifest, "sum-of-squares", words, source="horn2013: 7.2.7")
    name = family.inverse_of.name + "^-1" if family.inverse_of is not None else family.name
    words = f"concave in {name}: {point} is the global maximum over {name}"
    ledger.add(manifest, ZERO, "concave", words, relation=Relation.AT_MOST)


def show_maximum(ledger: Ledger, objective: Named, body: Expr, symbol: Symbol) -> str:
    """Write down that the objective is concave in a symbol, or that a multiple of its slope falls; return which."""
    proved = sign(second_differential(body, symbol.family))
    if proved is None and symbol.shape.is_scalar:
        found = moving_multiple(pull_out(gradient(body, symbol)), symbol)
        if found is not None and found[3].sign < 0:
            slope, factor, _, _ = found
            words = f"the slope, multiplied by {factor}, which is positive"
            ledger.add(mul(factor, Derivative(objective, symbol)), slope, "differentiate", words)
            show_falling(ledger, slope, symbol)
            return "unique root"
    show_concave(ledger, objective, body, symbol.family)
    return "concave"


def require_falling(slope: Expr, symbol: Symbol) -> None:
    """Refuse a slope that is not shown to fall all over the domain of the symbol, before anything is written down."""
    falls = slope_of(slope, symbol)
    if falls is None or falls[1].sign > 0:
        raise NoClosedFormError(f"the slope in {symbol} is not shown to fall: {slope}")


def show_falling(ledger: Ledger, slope: Expr, symbol: Symbol) -> None:
    """Write down that a slope falls all over the domain of the symbol."""
    falls = slope_of(slope, symbol)
    if falls is None:
        raise NoClosedFormError(f"the slope in {symbol} is not shown to fall: {slope}")
    form, proved = falls
    ledger.add(Derivative(slope, symbol), form, "differentiate", "the slope of this slope")
    if proved.manifest != form:
        ledger.add(form, proved.manifest, "sum-of-squares", "its sign can be read off")
    words = f"the slope falls from plus to minus: its zero is the global maximum over {symbol.family.name}"
    ledger.add(proved.manifest, ZERO, "concave", words, relation=Relation.AT_MOST)


def show_solution(ledger: Ledger, derivative: Derivative, values: list[tuple[Symbol, Expr]]) -> None:
    """Put the solution back: the gradient vanishes exactly."""
    at: Expr = derivative
    for symbol, value in values:
        at = At(at, symbol, value)
    ledger.add(at, mul(0, derivative), "solution", "put back: the gradient vanishes")


def require_domain(symbol: Symbol, value: Expr) -> None:
    """Refuse an update that is not shown to lie in the closure of its domain, before anything is written down."""
    if not symbol.family.domain.nonnegative:
        return
    if not symbol.shape.is_scalar:
        if not semidefinite(value):
            raise NoClosedFormError(
                f"the update of {symbol} is stationary but not shown to be positive semidefinite: "
                + advice(value, "check the signs in the density")
            )
        return
    proved = sign(value)
    if proved is None or proved.sign < 0:
        words = (
            "check the signs in the density and the domains of its symbols, such as Data(..., domain=NonNegative) for "
            "counts"
        )
        domain = symbol.family.domain
        if domain.at_most_one and not domain.sums_to_one:
            words += (
                "; where it may leave the interval, the maximum lies at an end of it, which domain=UnitInterval lets "
                f"{symbol} take"
            )
        elif not domain.sums_to_one:
            words += (
                f"; where it may be negative, the maximum lies at zero, which domain=NonNegative lets {symbol} take"
            )
        raise NoClosedFormError(
            f"the update of {symbol} is stationary but its sign is not shown to be positive: {advice(value, words)}"
        )
    require_at_most_one(symbol, value)


def show_domain(ledger: Ledger, notation: Notation, symbol: Symbol, value: Expr) -> None:
    """Show that the update lies in the closure of the domain: nonnegative, or positive semidefinite."""
    if not symbol.family.domain.nonnegative:
        return
    require_domain(symbol, value)
    if symbol.shape.is_scalar:
        words = (
            "in the domain"
            if isinstance(value, RootOf)
            else "in the domain; zero only where every term that carries weight is"
        )
        ledger.add(value, ZERO, "nonnegative", words, relation=Relation.AT_LEAST)
        show_at_most_one(ledger, symbol, value)
        return
    v = notation.probe(symbol.shape.rows)
    quadratic = collect(multiply_through(value, v.transposed(), v))
    ledger.add(mul(v.transposed(), value, v), quadratic, "quadratic-form", "for any vector v")
    proved = sign(quadratic)
    if proved is None or proved.sign < 0:
        raise NoClosedFormError(f"the update of {symbol} is not shown to be positive semidefinite")
    if proved.manifest != quadratic:
        words = f"squares with weights {notation.spoken(notation.gamma)} >= 0"
        ledger.add(quadratic, proved.manifest, "sum-of-squares", words)
    words = "positive semidefinite; definite unless some v is orthogonal to every difference that carries weight"
    ledger.add(proved.manifest, ZERO, "semidefinite", words, relation=Relation.AT_LEAST)
