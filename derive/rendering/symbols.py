"""How the smallest parts of a formula are written: symbols with indices, sizes, constants, numbers, named things."""

from fractions import Fraction as Rational

from derive.language.calculus_nodes import Named
from derive.language.expr import Expr, Identity, Number, Zero
from derive.language.family import Family, Symbol
from derive.language.functions import Constant, Size
from derive.language.numbered import Ordinal
from derive.rendering import names
from derive.rendering.layout import (
    NEGATIVE,
    Fence,
    Fraction,
    Glyph,
    Kind,
    Layout,
    Row,
    Script,
    has_superscript,
    number,
    with_script,
)

DIFFERENTIAL = Glyph(r"\mathrm{d}", "d", Kind.UPRIGHT)
MINUS_ONE = Row((NEGATIVE, number(1)))


def rational(value: Rational) -> Layout:
    """A number that is not negative."""
    if value.denominator == 1:
        return number(value.numerator)
    return Fraction(number(value.numerator), number(value.denominator))


def name(expr: Expr) -> Layout:
    """What stands for an expression that has no parts."""
    match expr:
        case Symbol(family, indices):
            return _symbol(family, tuple(index.name for index in indices))
        case Size(extent):
            return names.size(extent)
        case Ordinal(index):
            return names.letter(index.name)
        case Constant(constant):
            return names.letter(constant)
        case Named(spelled, latex, _):
            return names.of_latex(latex, spelled) if latex else names.of_name(spelled)
        case Identity():
            return Glyph("I", "I")
        case Zero():
            return number(0)
        case Number(value):
            return rational(value)
    raise TypeError(type(expr).__name__)


def _symbol(family: Family, indices: tuple[str, ...]) -> Layout:
    if family.inverse_of is not None:
        return inverted(_symbol(family.inverse_of, indices))
    return names.scripted(family_name(family), indices)


def family_name(family: Family) -> Layout:
    """A family's letter, without its indices."""
    if family.inverse_of is not None:
        return inverted(family_name(family.inverse_of))
    base = names.of_latex(family.latex, family.name) if family.latex else names.of_name(family.name)
    if family.differential_of is not None and not family.latex:
        return Row((DIFFERENTIAL, family_name(family.differential_of)))
    return base


def inverted(layout: Layout) -> Layout:
    """The inverse of a symbol: Sigma_k^-1, and sigma_k^-2 for the variance sigma_k^2."""
    if names.squared_name(layout) and isinstance(layout, Script):
        return Script(layout.base, layout.sub, Row((NEGATIVE, number(2))))
    return Script(Fence("(", layout), sup=MINUS_ONE) if has_superscript(layout) else with_script(layout, sup=MINUS_ONE)
