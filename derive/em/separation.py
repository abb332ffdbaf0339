"""Separating data from parameters: a term is (what is free of the samples) times (what depends on them).

What depends on the samples is data, known quantities of a sample, and responsibilities: the core of the term.
Parameters and what else is free of the samples stand around it: scale * left core right, summed over plates, possibly
under a trace or as a diagonal part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from derive.em.functional import is_parameter, opened
from derive.errors import NoClosedFormError
from derive.language.expr import Add, Expr, Mul, Number, Power, Transpose, Word, mul
from derive.language.family import Symbol
from derive.language.functions import DiagonalPart, Size, Sum, Trace, diagonal_part, inverse, sum_over, trace
from derive.language.index import ONE as UNIT
from derive.language.index import Index
from derive.language.rewrite import cycled_trace, distribute

ONE = Number(Fraction(1))
UNDER: dict[str, Callable[[Expr], Expr]] = {"": lambda expr: expr, "trace": trace, "diagonal part": diagonal_part}


class NotSeparableError(NoClosedFormError):
    """Data and parameters cannot be told apart in a term."""


@dataclass(frozen=True)
class Term:
    """sum over ``plates`` of scale * left core right, or of a linear function of that product (``under``).

    under: "trace", "diagonal part" or "" for none. scale, left and right are free of the samples; core depends on them
    and on no parameter.
    """

    core: Expr
    scale: Expr = ONE
    left: tuple[Expr, ...] = ()
    right: tuple[Expr, ...] = ()
    plates: tuple[Index, ...] = ()
    under: str = ""

    @property
    def around(self) -> tuple[Expr, ...]:
        """What stands around the core."""
        return (self.scale, *self.left, *self.right)

    def rebuilt(self, core: Expr) -> Expr:
        """Return the term with another core of the same shape."""
        product = mul(*self.left, core, *self.right)
        value = mul(self.scale, UNDER[self.under](product))
        for plate in self.plates:
            value = sum_over(plate, value)
        return value

    def transposed(self) -> "Term":
        """Return the transpose."""
        left = tuple(letter.transposed() for letter in reversed(self.right))
        right = tuple(letter.transposed() for letter in reversed(self.left))
        return replace(self, core=self.core.transposed(), left=left, right=right)


def separate(expr: Expr, sample: Index) -> list[Term]:
    """Write an expression as terms in which what depends on the samples stands by itself.

    Raises NotSeparableError naming the part in which data and parameters are joined.
    """

    def is_mixed(part: Expr) -> bool:
        return isinstance(part, Add) and sample in part.free and part.contains(is_parameter)

    return [_Separation(sample).term(part) for part in distribute(opened(expr, sample), is_mixed)]


@dataclass(frozen=True)
class _Separation:
    sample: Index

    def term(self, expr: Expr) -> Term:  # noqa: C901 - one case a node
        """Return one product as a term."""
        if self.sample not in expr.free:
            return Term(ONE, expr) if expr.shape.is_scalar else Term(ONE, left=(expr,))
        if not expr.contains(is_parameter) and not self._splits(expr):
            return Term(expr)
        match expr:
            case Sum(index, body):
                return self._summed(index, self.term(body))
            case Mul(parts):
                return self._product(parts)
            case Word(parts):
                return self._word(parts)
            case Power(base, exponent) if exponent.denominator == 1 and exponent > 1:
                return self._product((base,) * int(exponent))
            case Trace(arg):
                return self._traced(self.term(arg))
            case Transpose(arg):
                return self.term(arg).transposed()
            case DiagonalPart(arg):
                inner = self.term(arg)
                if not inner.left and not inner.right and not inner.under:
                    return replace(inner, core=diagonal_part(inner.core))
                if inner.under != "trace":
                    return replace(inner, under="diagonal part")
        raise NotSeparableError(f"{expr} joins data and parameters in a way that cannot be taken apart")

    def _splits(self, expr: Expr) -> bool:
        """Whether a parameter-free product has factors or letters that are free of the samples: they go outside."""
        if isinstance(expr, Sum | DiagonalPart | Trace):
            return self._splits(expr.children[0])
        parts = expr.factors if isinstance(expr, Mul) else expr.letters if isinstance(expr, Word) else ()
        return any(self.sample not in part.free or self._splits(part) for part in parts)

    def _summed(self, index: Index, inner: Term) -> Term:
        if any(index in part.free for part in inner.around) or index in inner.plates:
            return replace(inner, plates=(*inner.plates, index))
        return replace(inner, core=sum_over(index, inner.core))

    def _product(self, parts: Sequence[Expr]) -> Term:
        outside = [part for part in parts if self.sample not in part.free]
        scalars = [part for part in outside if part.shape.is_scalar]
        matrices = [part for part in outside if not part.shape.is_scalar]
        found = [self.term(part) for part in parts if self.sample in part.free]
        total = Term(mul(*(term.core for term in found if _closed(term))))
        for term in found:
            if _closed(term):
                total = replace(total, scale=mul(total.scale, term.scale), plates=(*total.plates, *term.plates))
        opened = [term for term in found if not _closed(term)]
        if matrices:
            opened.append(Term(ONE, left=tuple(matrices)))
        for term in opened:
            total = _joined(total, term)
        return replace(total, scale=mul(*scalars, total.scale))

    def _word(self, parts: Sequence[Expr]) -> Term:
        for letter in parts:
            if self.sample in letter.free and letter.contains(is_parameter):
                raise NotSeparableError(f"{letter} joins data and parameters in a way that cannot be taken apart")
        runs = [(dependent, tuple(run)) for dependent, run in groupby(parts, key=lambda p: self.sample in p.free)]
        kinds = [dependent for dependent, _ in runs]
        if kinds.count(True) == 1:
            at = kinds.index(True)
            left = runs[at - 1][1] if at else ()
            right = runs[at + 1][1] if at + 1 < len(runs) else ()
            return Term(mul(*runs[at][1]), left=left, right=right)
        if kinds == [True, False, True] and mul(*parts).shape.is_scalar:
            middle = runs[1][1]
            return _in_structure(mul(*runs[2][1], *runs[0][1]), middle)
        raise NotSeparableError(f"{mul(*parts)} joins data and parameters in more than one place")

    @staticmethod
    def _traced(inner: Term) -> Term:
        if inner.core.shape.is_scalar:
            return replace(inner, scale=mul(inner.scale, trace(mul(*inner.left, *inner.right))), left=(), right=())
        if inner.under:
            raise NotSeparableError(f"a trace of the {inner.under} of {inner.core} times parameters is not taken apart")
        return replace(_in_structure(inner.core, (*inner.right, *inner.left)), scale=inner.scale, plates=inner.plates)


def _closed(term: Term) -> bool:
    """Whether a term is a number times a core that is a scalar, with nothing around it."""
    return term.core.shape.is_scalar and not term.left and not term.right


def _in_structure(core: Expr, middle: tuple[Expr, ...]) -> Term:
    """tr(core middle), where a diagonal middle needs the diagonal of the core only, a multiple of I its trace."""
    structures = {_structure(letter) for letter in middle}
    if not middle:
        return Term(cycled_trace(core))
    if structures == {"spherical"}:
        return Term(cycled_trace(core), scale=mul(trace(mul(*middle)), inverse(Size(core.shape.rows))))
    if structures <= {"spherical", "diagonal"}:
        return Term(diagonal_part(core), right=middle, under="trace")
    return Term(core, right=middle, under="trace")


def _structure(letter: Expr) -> str:
    while letter.children and letter.shape == letter.children[-1].shape:
        letter = letter.children[-1]
    return letter.family.domain.structure if isinstance(letter, Symbol) else "full"


def _joined(first: Term, second: Term) -> Term:
    """The product of two terms, one of them a scalar: f' b times f is f f' b."""
    plates, scale = (*first.plates, *second.plates), mul(first.scale, second.scale)
    if _closed(first):
        return replace(second, core=mul(first.core, second.core), plates=plates, scale=scale)
    if first.under or second.under:
        raise NotSeparableError(
            "a trace or diagonal part that joins data and parameters is multiplied by another such factor"
        )
    for a in _turned(first):
        for b in _turned(second):
            for before, after in ((a, b), (b, a)):
                if not before.right and not after.left and before.core.shape.cols == after.core.shape.rows == UNIT:
                    return Term(mul(before.core, after.core), scale, before.left, after.right, plates)
    raise NotSeparableError("two factors that join data and parameters are multiplied")


def _turned(term: Term) -> tuple[Term, ...]:
    """A scalar can be written both ways round."""
    scalar = mul(*term.left, term.core, *term.right).shape.is_scalar
    return (term, term.transposed()) if scalar else (term,)
