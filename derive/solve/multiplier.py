"""Closed form by eliminating a multiplier: sum the constraint, solve for what holds the multiplier, put it back."""

from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Number, mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Exp, exp, sum_over
from derive.language.index import Index
from derive.language.rewrite import factors, mentions, rename, terms
from derive.proof.step import Combined, Multiplied, Relation, Summed
from derive.solve.counting import count_categories, count_responsibilities
from derive.solve.line import Line
from derive.solve.needed import needed


def eliminate_multiplier(unknown: Symbol, value: Expr, multiplier: Family) -> list[Line]:
    """From unknown = g / c, where c holds the multiplier, and sum unknown = 1: c = sum g, so unknown = g / sum g."""
    held = mentions(multiplier)
    inside = [factor for factor in factors(value) if factor.contains(held)]
    rest = mul(1, *(factor for factor in factors(value) if not factor.contains(held)))
    index = unknown.indices[-1]
    if not inside or any(index in factor.free for factor in inside):
        raise NoClosedFormError(f"the multiplier of the constraint on {unknown} cannot be separated from it")
    c = power(mul(*inside), -1)
    one = Number(Fraction(1))
    total = sum_over(index, rest)
    lines = [
        Line(
            one,
            mul(total, power(c, -1)),
            Summed(index),
            f"summed over {index}, where the constraint gives 1",
            "sum-constraint",
            Relation.IMPLIES,
        ),
        Line(
            c,
            total,
            Multiplied(c),
            "multiplied by the denominator",
            "isolate",
            assumptions=needed(c, unknown),
        ),
    ]
    counted = count_responsibilities(total)
    if counted != total:
        words = f"responsibilities sum to one over {_labels(total)}"
        lines.append(Line(c, counted, Multiplied(), words, "responsibilities-sum-to-one"))
    shared = count_categories(counted)
    if shared != counted:
        counted = shared
        lines.append(Line(c, counted, Multiplied(), f"each sample sums to one over {index}", "categories-sum-to-one"))
    denominator = rename_bound(counted, unknown)
    lines.append(
        Line(
            unknown,
            mul(rest, power(denominator, -1)),
            Combined(1, mul(-1, rest, power(c, -1), power(denominator, -1))),
            "the denominator put back",
            "substitute-multiplier",
            Relation.IMPLIES,
            back=len(lines) + 1,
        )
    )
    return lines


def _labels(total: Expr) -> Index:
    """Return the index over which responsibilities sum to one."""
    found = [total]
    while found:
        part = found.pop(0)
        if isinstance(part, Symbol) and part.family.role is Role.RESPONSIBILITY:
            return part.family.indices[-1]
        found += part.children
    raise NoClosedFormError(f"no responsibilities stand in {total}")


def rename_bound(total: Expr, unknown: Symbol) -> Expr:
    """Give the index that the total sums over another name than that of the unknown (j for k)."""
    index = unknown.indices[-1]
    inner = getattr(total, "index", None)
    if inner != index:
        return total
    other = index.renamed(total.free | unknown.free)
    return sum_over(other, rename(total.body, {index: other}))  # type: ignore[attr-defined]


def split_exponential(value: Expr, multiplier: Family) -> Expr:
    """Write exp(a - nu - 1) as exp(a) / exp(1 + nu), so that what holds the multiplier is a factor."""
    if not isinstance(value, Exp):
        return value
    held = mentions(multiplier)
    inside = [t for t in terms(value.arg) if t.contains(held) or isinstance(t, Number)]
    outside = [t for t in terms(value.arg) if t not in inside]
    total = mul(-1, sum(inside[1:], inside[0])) if inside else mul(0, value)
    return mul(exp(sum(outside[1:], outside[0])), power(exp(total), -1)) if inside and outside else value
