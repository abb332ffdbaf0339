"""Differences of special functions rewritten as multiples of a known excess, such as N (psi'(a) - 1 / a).

A rewriting is an identity: what its sign is, and whether the conditions of the inequality hold, is asked afterwards.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction

from derive.language.excess import Excess
from derive.language.expr import Expr, Number, Power, add, mul, power
from derive.language.functions import Size, Sum, sum_over
from derive.language.rewrite import canonical, collect, distribute, factors, out_of_sums, rename, terms
from derive.language.special import BesselRatio, PolyGamma

ZERO = Number(Fraction(0))
TERMS = 8  # of a sum that is rewritten: those of more come from rewriting others, and lead to more without end
Opens = Callable[[Expr], bool]
Form = tuple[Expr, Expr]
Candidate = tuple[Excess, Expr]  # an excess, and its term by which it is recognised


def with_excess(expr: Expr) -> Iterator[Form]:
    """Yield ways to write a sum as a multiple of a known excess, and a rest with fewer terms."""
    if not expr.contains(_is_special):
        return
    loose, looser = _apart(expr, _needs_opening), _apart(expr, _is_anything)
    if len(looser) > TERMS:
        return
    if loose != looser:
        yield from _forms(loose, _needs_opening)
    yield from _forms(looser, _is_anything)


def _forms(parts: tuple[Expr, ...], opens: Opens) -> Iterator[Form]:
    tried: set[Expr] = set()
    for part in parts:
        for excess, anchor in _candidates(part, parts):
            number = mul(part, power(anchor, -1))
            multiple = mul(number, excess)
            if multiple in tried:
                continue
            tried.add(multiple)
            taken = _apart(mul(-1, number, excess.definition), opens)
            rest = collect(add(*parts, *taken))
            if len(terms(rest)) < len(parts) or rest == ZERO:
                yield multiple, rest


def _is_special(expr: Expr) -> bool:
    return isinstance(expr, PolyGamma | BesselRatio)


def _needs_opening(expr: Expr) -> bool:
    return _is_special(expr) or isinstance(expr, Size)


def _is_anything(_: Expr) -> bool:
    return True


def _apart(expr: Expr, opens: Opens) -> tuple[Expr, ...]:
    """Multiply out; equal terms are added up, and what sums do not touch leaves them."""
    loose = distribute(expr, opens)
    return terms(canonical(collect(add(*map(out_of_sums, loose)))))


def _candidates(part: Expr, parts: tuple[Expr, ...]) -> Iterator[Candidate]:
    for factor in factors(part):
        base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, 1)
        match base:
            case BesselRatio(order, x) if exponent == 2:
                yield Excess("bessel-variance", (order, x)), mul(-1, factor)
            case BesselRatio(order, x) if exponent == 1:
                yield Excess("bessel-ratio", (order, x)), mul(-1, factor)
            case PolyGamma(0, x) if exponent == 1:
                yield Excess("digamma", (x,)), mul(-1, factor)
            case PolyGamma(1, x) if exponent == 1:
                yield from _of_trigamma(factor, x, part, parts)
            case Sum(_, body) if exponent == 1:
                yield from _of_dirichlet(base, body)


def _of_trigamma(factor: Expr, x: Expr, part: Expr, parts: tuple[Expr, ...]) -> Iterator[Candidate]:
    others = [other for piece in parts for other in factors(piece) if isinstance(other, PolyGamma) and other.order == 1]
    for other in dict.fromkeys(others):
        if other != factor:
            yield Excess("falling", (x, other.arg)), factor
            for u, v in _squared_with(part, other, parts):
                yield Excess("beta", (x, u, other.arg, v)), mul(factor, power(u, 2))
    yield Excess("trigamma", (x,)), factor


def _squared_with(part: Expr, other: Expr, parts: tuple[Expr, ...]) -> Iterator[tuple[Expr, Expr]]:
    pieces = [piece for piece in parts if other in factors(piece)]
    return ((u, v) for u in _squared(part) for piece in pieces for v in _squared(piece))


def _squared(part: Expr) -> list[Expr]:
    return [factor.base for factor in factors(part) if isinstance(factor, Power) and factor.exponent == 2]


def _of_dirichlet(whole: Sum, body: Expr) -> Iterator[Candidate]:
    for factor in factors(body):
        if isinstance(factor, PolyGamma) and factor.order == 1:
            for u in _squared(body):
                if canonical(mul(factor, power(u, 2))) == canonical(body):
                    args = (whole, sum_over(whole.index, factor.arg), sum_over(whole.index, u))
                    yield Excess("superadditive", args), whole


def joined_sums(expr: Expr) -> Iterator[Expr]:
    """Yield sums over one plate written as one: a sum_n b_n - c sum_n d_n = sum_n (a b_n - c d_n)."""
    found = [next((factor for factor in factors(part) if isinstance(factor, Sum)), None) for part in terms(expr)]
    first = found[0]
    if first is None or len(found) < 2:
        return
    bodies: list[Expr] = []
    for part, whole in zip(terms(expr), found, strict=True):
        if whole is None or whole.index.size != first.index.size or first.index in mul(part, power(whole, -1)).free:
            return
        body = whole.body if whole.index == first.index else rename(whole.body, {whole.index: first.index})
        if whole.index != first.index and first.index in whole.body.free:
            return
        bodies.append(mul(part, power(whole, -1), body))
    yield sum_over(first.index, add(*bodies))
