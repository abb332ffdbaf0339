"""How mistakes are taken back that no other mistake reverses: what was lost is put in again."""

from collections.abc import Iterator

from derive.checking.mistakes.mistake import Make, one_by_one
from derive.checking.mistakes.parts import is_gamma, is_size, over_samples
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import Size, Sum, sum_over


def _number_of_samples(part: Expr, notation: Notation) -> Iterator[Expr]:
    """N or N_k where K stands."""
    if is_size(part, notation.k):
        yield Size(notation.n.size)
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


def _without_number(part: Expr, _: Notation) -> Iterator[Expr]:
    """A sum of terms without its number: N_k for N_k - 1."""
    if isinstance(part, Add):
        kept = [term for term in part.terms if not isinstance(term, Number)]
        if 0 < len(kept) < len(part.terms):
            yield add(*kept)


def _times_components(expr: Expr, notation: Notation) -> Iterator[Expr]:
    yield mul(Size(notation.k.size), expr)


def _times_samples(part: Expr, notation: Notation) -> Iterator[Expr]:
    if over_samples(part, notation):
        yield mul(Size(notation.n.size), part)


def _with_responsibility(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A sum over the samples with the responsibility in it."""
    if isinstance(part, Sum) and over_samples(part, notation) and not part.body.contains(is_gamma):
        yield sum_over(part.index, mul(Symbol(notation.gamma, (part.index, notation.k)), part.body))
    if is_size(part, notation.n):
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


TAKEN_BACK: dict[str, Make] = {
    "k-for-n": one_by_one(_number_of_samples),
    "one-less": one_by_one(_without_number),
    "divided-by-k": _times_components,
    "divided-by-n-too": one_by_one(_times_samples),
    "responsibility-forgotten": one_by_one(_with_responsibility),
}
