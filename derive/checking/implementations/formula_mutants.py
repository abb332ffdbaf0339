"""Typical mistakes in the formula of an update, as rewritings of the derived one."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from derive.errors import DeriveError
from derive.language.expr import Expr, Number, Power, add, mul, power
from derive.language.family import Role, Symbol
from derive.language.functions import Inverse, Size, Sum, sum_over
from derive.language.rewrite import coefficient
from derive.proof.derivation import Derivation

Rewriting = Callable[[Expr], Expr | None]
ONE = Number(Fraction(1))


def formulas(value: Expr, derivation: Derivation) -> Iterator[tuple[str, str, Expr]]:
    """Name, sentence and altered formula of each mistake that changes it; those that make no sense are left out."""
    samples, components = derivation.responsibilities.target.indices
    N, K = Size(samples.size), Size(components.size)
    counts, sums = _counts(samples), _sums(samples)
    others = {part for part in _parts(value) if isinstance(part, Size)} - {N, K}
    ways: list[tuple[str, str, Rewriting]] = [
        ("n-for-n-k", "it is divided by N, not by N_k", lambda e: N if counts(e) else None),
        ("bessel", "one is subtracted from N_k", lambda e: add(e, -1) if counts(e) else None),
        ("not-divided", "it is not divided by N_k", lambda e: ONE if counts(e) else None),
        ("k-for-n-k", "it is divided by K, not by N_k", lambda e: K if counts(e) else None),
        ("divided-twice", "it is divided by N_k twice", lambda e: power(e, 2) if counts(e) else None),
        ("responsibilities-squared-in-sums", "the responsibilities are squared in the sum, though not in N_k",
         lambda e: _powered(e, 2) if sums(e) else None),
        ("responsibilities-forgotten-in-sums", "the responsibilities are missing in the sum, though not in N_k",
         lambda e: _powered(e, 0) if sums(e) else None),
        ("bessel", "it is divided by N - 1", lambda e: add(N, -1) if e == N else None),
        ("not-divided", "it is not divided by N", lambda e: ONE if e == N else None),
        ("k-for-n", "it is divided by K, not by N", lambda e: K if e == N else None),
        ("divided-by-k-besides", "it is divided by N K, not by N", lambda e: mul(N, K) if e == N else None),
        ("n-k-for-n", "it is divided by N squared", lambda e: mul(N, N) if e == N else None),
        ("inverse-lost", "a matrix stands where its inverse belongs", lambda e: e.arg if type(e) is Inverse else None),
        ("root-lost", "a root is missing", _without_root),
        ("factor-lost", "a constant factor is missing", _without_number),
    ]  # fmt: skip
    for size in sorted(others, key=str):
        says = f"it is not divided by {size}"
        ways.append(("dimension-forgotten", says, partial(_replaced, size)))
    for name, says, way in ways:
        try:
            changed = _rewritten(value, way)
        except DeriveError:
            continue
        if changed != value and changed.shape == value.shape:
            yield name, says, changed


def _replaced(what: Expr, expr: Expr) -> Expr | None:
    return ONE if expr == what else None


def _counts(samples: object) -> Callable[[Expr], bool]:
    """Whether an expression is N_k, the sum of the responsibilities alone."""
    return lambda e: isinstance(e, Sum) and e.index == samples and _is_gamma(e.body)


def _sums(samples: object) -> Callable[[Expr], bool]:
    """Whether an expression is a sum over samples of responsibilities times something."""
    return lambda e: isinstance(e, Sum) and e.index == samples and not _is_gamma(e.body) and e.body.contains(_is_gamma)


def _is_gamma(part: Expr) -> bool:
    return isinstance(part, Symbol) and part.family.role is Role.RESPONSIBILITY


def _powered(expr: Expr, exponent: int) -> Expr:
    """The sum with another power of the responsibilities in it."""
    assert isinstance(expr, Sum)  # noqa: S101 - as asked before

    def changed(part: Expr) -> Expr:
        if _is_gamma(part):
            return power(part, exponent) if exponent else ONE
        return part.map(changed)

    return sum_over(expr.index, changed(expr.body))


def _without_root(expr: Expr) -> Expr | None:
    if isinstance(expr, Power) and expr.exponent.denominator == 2:
        return power(expr.base, expr.exponent * 2)
    return None


def _without_number(expr: Expr) -> Expr | None:
    number, rest = coefficient(expr)
    return rest if number not in {1, -1} and rest != ONE else None


def _rewritten(expr: Expr, way: Rewriting) -> Expr:
    changed = way(expr)
    return expr.map(lambda part: _rewritten(part, way)) if changed is None else changed


def _parts(expr: Expr) -> set[Expr]:
    found: set[Expr] = set()

    def note(part: Expr) -> bool:
        found.add(part)
        return False

    expr.contains(note)
    return found
