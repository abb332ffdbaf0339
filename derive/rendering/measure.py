"""How wide a formula is when typeset, in ems: near enough to decide on where to break a line."""

import unicodedata

from derive.rendering.layout import (
    BigSum,
    Chain,
    Delimiter,
    Fence,
    Fraction,
    Glyph,
    Kind,
    Layout,
    Operator,
    Product,
    Root,
    Row,
    Script,
)

SCRIPT_SCALE = 0.72
WIDTHS = {Kind.IDENTIFIER: 0.58, Kind.UPRIGHT: 0.52, Kind.NUMBER: 0.5, Kind.SIGN: 0.78, Kind.WORDS: 0.48}


def columns(text: str) -> int:
    """Columns that a text takes in a terminal: accents stand above what precedes them."""
    return sum(1 for char in text if not unicodedata.combining(char))


def ems(layout: Layout) -> float:  # noqa: C901 - one case a layout
    """The width in ems."""
    match layout:
        case Glyph(_, text, Kind.FUNCTION):
            return 0.48 * columns(text) + 0.17
        case Glyph(_, _, Kind.SPACE):
            return 0.0
        case Glyph(_, text, kind):
            wide = 0.2 if text and text[0].isupper() else 0.0
            return WIDTHS[kind] * columns(text) + wide
        case Operator(_, text, relation):
            return 0.78 * columns(text) + (0.56 if relation else 0.45)
        case Script(base, sub, sup):
            scripts = [ems(script) for script in (sub, sup) if script is not None]
            return ems(base) + SCRIPT_SCALE * max(scripts, default=0.0)
        case Fraction(numerator, denominator, _):
            return max(ems(numerator), ems(denominator)) + 0.25
        case Root(body):
            return ems(body) + 0.9
        case Fence(_, body):
            return ems(body) + 1.0
        case BigSum():
            return 1.65
        case Delimiter():
            return 0.55
        case Row(items) | Product(items) | Chain(items):
            return sum(map(ems, items)) + (0.08 * len(items) if isinstance(layout, Product) else 0.0)
    return 1.0
