"""Closed form by isolation: clear the equation, gather the unknown, divide by its coefficient."""

from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Mul, Number, Word, add, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Exp, Size, Sum, inverse, sum_over
from derive.language.rewrite import coefficient, collect, distribute, mentions, out_of_sums, pull_out, substitute, terms
from derive.proof.step import Multiplied
from derive.solve.clear import clearing_factors, multiply_through
from derive.solve.line import Line
from derive.solve.roots import solve_polynomial


def solve(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve residual = 0 for the unknown; the last line reads unknown = value.

    Raises NoClosedFormError with the reason where the unknown cannot be isolated.
    """
    lines = []
    residual = pull_out(_in_terms_of(residual, unknown))
    left, right = clearing_factors(residual, unknown)
    residual = collect(multiply_through(residual, left, right))
    if left != Number(Fraction(1)) or right is not None:
        lines.append(_cleared(residual, left, right))
    if _degree_too_high(residual, unknown):
        return lines + solve_polynomial(residual, unknown)
    return lines + _isolate(residual, unknown)


def solve_for_term(residual: Expr, term: Expr) -> Line:
    """Return term = rest from residual = rest - term (or term - rest)."""
    found = [part for part in terms(residual) if coefficient(part)[1] == term]
    if len(found) != 1 or abs(coefficient(found[0])[0]) != 1:
        raise NoClosedFormError(f"{term} is not a term of {residual}")
    sign = int(coefficient(found[0])[0])
    rest = add(*(mul(-sign, part) for part in terms(residual) if part is not found[0]))
    return Line(term, rest, Multiplied(Number(Fraction(sign))), "set to zero", "isolate")


def _in_terms_of(residual: Expr, unknown: Symbol) -> Expr:
    """Write members of a family defined as inverses of the unknown as such inverses."""
    for family in {s.family for s in _symbols(residual) if s.family.inverse_of == unknown.family}:
        residual = substitute(residual, Symbol(family, unknown.indices), inverse(unknown))
    return residual


def _symbols(expr: Expr) -> set[Symbol]:
    found = {expr} if isinstance(expr, Symbol) else set()
    return found.union(*(_symbols(child) for child in expr.children))


def _cleared(residual: Expr, left: Expr, right: Expr | None) -> Line:
    shown = [factor for factor in (left, right) if factor is not None and coefficient(factor)[1] != Number(Fraction(1))]
    words = "set to zero"
    if shown:
        sides = {1: "", 2: " from the left and the right"}[len(shown)]
        words += f"; multiplied by an invertible factor{sides}"
    return Line(residual, mul(0, residual), Multiplied(left, right), words, "clear-invertible-factors")


def _degree_too_high(residual: Expr, unknown: Symbol) -> bool:
    """Whether a scalar unknown occurs in another power than the first."""
    if not unknown.shape.is_scalar:
        return False
    return residual.contains(lambda e: getattr(e, "base", None) is not None and e.contains(mentions(unknown.family)))


def _isolate(residual: Expr, unknown: Symbol) -> list[Line]:
    is_unknown = mentions(unknown.family)
    parts = distribute(residual, is_unknown)
    holding = [part for part in parts if part.contains(is_unknown)]
    rest = [part for part in parts if not part.contains(is_unknown)]
    if not holding:
        raise NoClosedFormError(
            f"no stationary point: with its inverses cleared, the equation for {unknown} does not contain it; the "
            "density may lack a term in it, such as a normalising constant"
        )
    coefficients = [_coefficient(part, unknown) for part in holding]
    sign = -1 if all(coefficient(c)[0] < 0 for c in coefficients) else 1
    total = out_of_sums(collect(add(*(mul(sign, c) for c in coefficients))))
    value = out_of_sums(collect(mul(-sign, add(*rest)))) if rest else mul(0, unknown)
    if not (total.shape.is_scalar or total.shape.is_square):
        raise NoClosedFormError(f"the coefficient of {unknown} is not square ({total.shape})")
    lines = [
        Line(
            mul(total, unknown),
            value,
            Multiplied(Number(Fraction(sign))),
            "terms with the unknown on the left",
            "gather",
        )
    ]
    counted = count_responsibilities(total)
    if counted != total:
        total = counted
        lines.append(
            Line(
                mul(total, unknown),
                value,
                Multiplied(),
                "responsibilities sum to one over k",
                "responsibilities-sum-to-one",
            )
        )
    if total == Number(Fraction(1)):
        return lines
    lines.append(
        Line(
            unknown,
            out_of_sums(mul(inverse(total), value)),
            Multiplied(inverse(total)),
            "isolated, multiplying by the inverse",
            "isolate",
            assumptions=needed(total, unknown),
        )
    )
    return lines


def needed(total: Expr, unknown: Symbol) -> tuple[str, ...]:
    """Say what must hold for the coefficient of the unknown to be invertible; nothing where the domains say it."""
    total = coefficient(total)[1]
    if total.shape.is_square:
        return (f"an invertible matrix in front of {unknown.family.name}",)
    if isinstance(total, Sum) and isinstance(total.body, Symbol) and total.body.family.role is Role.RESPONSIBILITY:
        sample, component = total.index, total.body.indices[-1]
        return (f"N_{component} = sum_{sample} {total.body.family.name}_{sample}{component} > 0",)
    if isinstance(total, Size) or total.positive:
        return ()
    if isinstance(total, Symbol) and total.family.role is Role.MULTIPLIER:
        return (f"{total.family.name} ≠ 0, which holds since its product with {unknown.family.name} is positive",)
    if isinstance(total, Exp):
        return ()
    return (f"a factor in front of {unknown.family.name} that is not zero",)


def _coefficient(part: Expr, unknown: Symbol) -> Expr:
    """Return C with part = C * unknown."""
    if part == unknown:
        return Number(Fraction(1))
    is_unknown = mentions(unknown.family)
    if isinstance(part, Sum) and part.index not in unknown.free:
        return sum_over(part.index, _coefficient(part.body, unknown))
    if isinstance(part, Mul):
        inside = [factor for factor in part.factors if factor.contains(is_unknown)]
        if len(inside) == 1:
            others = (factor for factor in part.factors if factor is not inside[0])
            return mul(*others, _coefficient(inside[0], unknown))
    if (
        isinstance(part, Word)
        and part.letters[-1] == unknown
        and not any(letter.contains(is_unknown) for letter in part.letters[:-1])
    ):
        return mul(*part.letters[:-1])
    if isinstance(part, Word) and any(letter == unknown for letter in part.letters):
        raise NoClosedFormError(
            f"{unknown} stands between matrices on both sides: the equation is of Sylvester's form, "
            "without a closed form here"
        )
    raise NoClosedFormError(f"{unknown} cannot be isolated: the equation is not linear in it after clearing inverses")


def count_responsibilities(expr: Expr) -> Expr:
    """Replace sum_k gamma_nk by one, so that sum_n sum_k gamma_nk becomes N."""
    expr = expr.map(count_responsibilities)
    if isinstance(expr, Sum):
        if isinstance(expr.body, Sum):
            swapped = _inner(sum_over(expr.index, expr.body.body))
            if swapped is not None:
                return sum_over(expr.body.index, swapped)
        inner = _inner(expr)
        return expr if inner is None else inner
    return expr


def _inner(expr: Expr) -> Expr | None:
    if isinstance(expr, Sum) and isinstance(expr.body, Symbol) and expr.body.family.role is Role.RESPONSIBILITY:
        return Number(Fraction(1)) if expr.body.indices[-1] == expr.index else None
    return None
