"""The one typesetting algorithm: from an expression to a layout in textbook order, brackets where they are needed."""

from collections.abc import Sequence
from fractions import Fraction as Rational

from derive.language.beyond import Beyond
from derive.language.calculus_nodes import (
    At,
    Derivative,
    Expectation,
    Factor,
    FrobeniusNorm,
    Margin,
    Named,
    SecondDifferential,
)
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, Zero, mul
from derive.language.family import Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace
from derive.language.index import Index
from derive.language.integral import LogIntegral, PosteriorMean
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.numbered import Cases, Ordinal
from derive.language.reductions import Reduction
from derive.language.root_of import RootOf
from derive.language.special import SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.rendering import names
from derive.rendering.brackets import divides, is_open, is_plain, is_short, needs_brackets, starts_with_digit
from derive.rendering.cases import beyond, cases
from derive.rendering.integral import integral
from derive.rendering.layout import (
    DOT,
    EQUALS,
    MINUS,
    NEGATIVE,
    PLUS,
    SLASH,
    TRANSPOSED,
    BigSum,
    Chain,
    Fence,
    Fraction,
    Glyph,
    Layout,
    Product,
    Root,
    Row,
    Script,
    function,
    has_superscript,
    number,
    with_script,
)
from derive.rendering.measure import ems
from derive.rendering.reductions import reduction
from derive.rendering.roots import COMMA, root, together
from derive.rendering.special import special
from derive.rendering.symbols import DIFFERENTIAL, MINUS_ONE, family_name, name, rational

LOG, EXP = function(r"\log", "log"), function(r"\exp", "exp")
TRACE, DIAGONAL = function(r"\text{tr}", "tr"), function(r"\mathrm{diag}", "diag")
PARTIAL = Glyph(r"\partial", "∂")
EXPECTATION = Glyph(r"\mathbb{E}", "𝔼")
MINUS_NUMBER = Number(Rational(-1))
WIDE = 9.0  # ems; a numerator beyond this stands behind the fraction, in brackets


def notation(expr: Expr) -> Layout:
    """Lay out an expression, on its own or as one side of an equation."""
    if isinstance(expr, Add | Margin):
        return _chain(expr)
    if (
        isinstance(expr, Mul)
        and len(expr.factors) == 2
        and expr.factors[0] == MINUS_NUMBER
        and isinstance(expr.factors[1], Add)
    ):
        return _chain(Add(tuple(mul(MINUS_NUMBER, term) for term in expr.factors[1].terms)))
    negative, size = unsigned(expr)
    return Chain((NEGATIVE, product(size))) if negative else product(size)


def unsigned(expr: Expr) -> tuple[bool, Expr]:
    """Pull the sign out of a term: whether it is negative, and the term without."""
    if isinstance(expr, Number):
        return expr.value < 0, Number(abs(expr.value))
    if isinstance(expr, Sum):
        negative, body = unsigned(expr.body)
        return negative, Sum(expr.index, body)
    if isinstance(expr, Mul):
        signs, sizes = zip(*map(unsigned, expr.factors), strict=True)
        kept = tuple(size for size in sizes if size != Number(Rational(1)))
        return sum(signs) % 2 == 1, kept[0] if len(kept) == 1 else Mul(kept) if kept else Number(Rational(1))
    return False, expr


def _chain(expr: Add | Margin) -> Layout:
    summed = expr.definition if isinstance(expr, Margin) else expr
    terms = [unsigned(term) for term in summed.children]
    if terms[0][0]:  # x - mu, never -mu + x
        first = next((i for i, (negative, _) in enumerate(terms) if not negative), 0)
        terms.insert(0, terms.pop(first))
    items: list[Layout] = []
    for negative, size in terms:
        if items or negative:
            items.append((MINUS if negative else PLUS) if items else NEGATIVE)
        items.append(product(size))
    return Chain(tuple(items))


def product(expr: Expr) -> Layout:
    """Lay out a term without a sign: coefficient, fraction, simple factors, then what is open-ended."""
    factors = expr.factors if isinstance(expr, Mul) else (expr,)
    coefficient = next((factor.value for factor in factors if isinstance(factor, Number)), Rational(1))
    rest = [factor for factor in factors if not isinstance(factor, Number)]
    above = [factor for factor in rest if not divides(factor)]
    below = [Power(f.base, -f.exponent) if f.exponent != -1 else f.base for f in rest if divides(f)]  # type: ignore[attr-defined]
    if not rest:
        return rational(coefficient)
    if below:
        return _fraction(coefficient, above, below)
    if coefficient.denominator == 1:
        return _juxtaposed(_coefficient(coefficient.numerator), above)
    sizes = [factor for factor in above if isinstance(factor, Size)]
    front = Fraction(
        _juxtaposed(_coefficient(coefficient.numerator), sizes) if sizes else number(coefficient.numerator),
        number(coefficient.denominator),
    )
    return _juxtaposed((front,), [factor for factor in above if not isinstance(factor, Size)])


def _coefficient(value: int) -> tuple[Layout, ...]:
    return () if value == 1 else (number(value),)


def _fraction(coefficient: Rational, above: list[Expr], below: list[Expr]) -> Layout:
    behind = [factor for factor in above if isinstance(factor, Identity | Zero)]
    above = [factor for factor in above if factor not in behind]
    alone = coefficient.denominator == 1 and len(below) == 1  # the line of the fraction is bracket enough
    denominator = notation(below[0]) if alone else _juxtaposed(_coefficient(coefficient.denominator), below)
    numerator = _juxtaposed(_coefficient(coefficient.numerator), above) if above else number(coefficient.numerator)
    fraction = Fraction(numerator, denominator, wide=ems(numerator) > WIDE)
    return _juxtaposed((fraction,), behind)


def _juxtaposed(front: tuple[Layout, ...], factors: Sequence[Expr]) -> Layout:
    """Factors side by side; an open-ended one that is not the last is put in brackets."""
    matrix = [factor for factor in factors if not factor.shape.is_scalar]
    scalars = [factor for factor in factors if factor.shape.is_scalar]
    simple = sorted((factor for factor in scalars if not is_open(factor)), key=lambda f: isinstance(f, Word))
    sums = [factor for factor in scalars if is_open(factor) and isinstance(factor, Sum)]
    others = [factor for factor in scalars if is_open(factor) and not isinstance(factor, Sum)]
    ordered = simple + sums + others + matrix
    items = list(front)
    for factor in ordered:
        last = factor is ordered[-1]
        alone = last and not items
        laid = bracketed(factor) if not alone and needs_brackets(factor, last=last) else _primary(factor)
        inner = laid.items if isinstance(laid, Product) else (laid,)
        if items and starts_with_digit(inner[0]):
            items.append(DOT)
        items.extend(inner)
    return items[0] if len(items) == 1 else Product(tuple(items))


def bracketed(expr: Expr) -> Layout:
    """In round brackets where it is a plain difference of symbols, as (x_n - mu_k), else in square ones."""
    body = notation(expr)
    return Fence("(" if is_plain(body) else "[", body)


def _primary(expr: Expr) -> Layout:  # noqa: C901, PLR0912 - one case a node
    match expr:
        case Symbol() | Size() | Constant() | Named() | Identity() | Zero() | Number() | Ordinal():
            return name(expr)
        case Word(letters):
            laid = (bracketed(letter) if isinstance(letter, Add | Sum) else _primary(letter) for letter in letters)
            return Product(
                tuple(item for part in laid for item in (part.items if isinstance(part, Product) else (part,)))
            )
        case Sum(index, body):
            return _sum(index, body)
        case Power(SymbolicPower(base, exponent), number_):
            return _raised(base, notation(mul(number_, exponent)))
        case Power(base, exponent):
            return _power(base, exponent)
        case SymbolicPower(base, exponent):
            return _raised(base, notation(exponent))
        case LogIntegral() | PosteriorMean():
            return integral(expr, notation)
        case SpecialFunction():
            return special(expr, notation)
        case Transpose(arg):
            return _raised(arg, TRANSPOSED)
        case Inverse(Transpose(arg)):
            return _raised(arg, Row((NEGATIVE, TRANSPOSED)))
        case Inverse(arg):
            return _raised(arg, MINUS_ONE)
        case Factor(arg):
            return _raised(arg, Row((number(1), SLASH, number(2))))
        case Log(arg):
            inner = product(arg) if is_short(arg) or isinstance(arg, Sum) else bracketed(arg)
            return Row((LOG, inner)) if isinstance(inner, Fence) else _prefixed(LOG, inner)
        case LogDet(arg):
            return Row((LOG, Fence("|", notation(arg))))
        case Exp(arg):
            return Row((EXP, bracketed(arg)))
        case Trace(arg):
            return Row((TRACE, Fence("[", notation(arg))))
        case DiagonalPart(arg):
            return Row((DIAGONAL, bracketed(arg)))
        case FrobeniusNorm(arg):
            return Script(Fence("‖", notation(arg)), sup=number(2))
        case Reduction():
            return reduction(expr, notation)
        case RootOf() | JointRoot():
            return root(expr, notation)
        case JointSecondDifferential(body, families, _):
            return _prefixed(Script(DIFFERENTIAL, together(families), number(2)), _operand(body))
        case Derivative() | SecondDifferential() | Expectation() | At():
            return _calculus(expr)
        case Cases():
            return cases(expr, notation)
        case Beyond():
            return beyond(expr, notation)
    return bracketed(expr)


def _prefixed(head: Layout, body: Layout) -> Layout:
    return Product((head, *_items(body)))


def _items(layout: Layout) -> tuple[Layout, ...]:
    return layout.items if isinstance(layout, Product) else (layout,)


def _sum(index: Index, body: Expr) -> Layout:
    sign = BigSum(names.letter(index.name), names.size(index.size))
    return _prefixed(sign, bracketed(body) if isinstance(body, Add | Margin) else product(body))


def _calculus(expr: Expr) -> Layout:
    match expr:
        case Derivative(Named() as body, symbol):
            return Fraction(Row((PARTIAL, name(body))), Row((PARTIAL, name(symbol))))
        case Derivative(body, symbol):
            return _prefixed(Fraction(PARTIAL, Row((PARTIAL, name(symbol)))), _operand(body))
        case SecondDifferential(body, family, _):
            return _prefixed(Script(DIFFERENTIAL, family_name(family), number(2)), _operand(body))
        case Expectation(body, _, probabilities):
            return Row((Script(EXPECTATION, family_name(probabilities)), Fence("[", notation(body))))
        case At():
            return _at(expr)
    raise TypeError(type(expr).__name__)


def _at(expr: Expr) -> Layout:
    """[body] with the values of the symbols below; those put in first stand first."""
    values: list[Layout] = []
    while isinstance(expr, At):
        values = [name(expr.symbol), EQUALS, notation(expr.value), *((COMMA, *values) if values else ())]
        expr = expr.body
    return Script(Fence("[", notation(expr)), sub=Chain(tuple(values)))


def _operand(body: Expr) -> Layout:
    """What a derivative sign acts on, in brackets unless it is short."""
    return product(body) if isinstance(body, Log | LogDet | Trace | Symbol | Named) else Fence("[", notation(body))


def _power(base: Expr, exponent: Rational) -> Layout:
    if exponent == Rational(1, 2):
        return Fence("‖", notation(base.arg)) if isinstance(base, FrobeniusNorm) else Root(notation(base))
    sup = (
        number(exponent.numerator)
        if exponent.denominator == 1
        else Row((number(exponent.numerator), SLASH, number(exponent.denominator)))
    )
    if isinstance(base, Symbol) and exponent.denominator == 1 and base.family.inverse_of is None:
        laid = name(base)
        if names.squared_name(laid) and isinstance(laid, Script):
            return Script(laid.base, laid.sub, number(2 * exponent.numerator))
    return _raised(base, sup)


def _raised(base: Expr, sup: Layout) -> Layout:
    """A base with a superscript; whatever is not a single symbol is put in brackets first."""
    if isinstance(base, Factor):  # a factor's transpose and inverse: A^{T/2}, A^{-1/2}
        head = sup.items if isinstance(sup, Row) else (sup,)
        return _raised(base.arg, Row((*head, SLASH, number(2))))
    if isinstance(base, Symbol | Size | Constant | Named | Identity | Zero | Ordinal) or (
        isinstance(base, Number) and base.value >= 0 and base.value.denominator == 1
    ):
        laid = name(base)
        compound = isinstance(laid, Row) or (isinstance(laid, Script) and isinstance(laid.base, Row))
        if not has_superscript(laid) and not compound:
            return with_script(laid, sup=sup)
    body = notation(base)
    return Script(Fence("[" if isinstance(base, Sum) else "(", body), sup=sup)
