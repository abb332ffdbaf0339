"""A formula as it is laid out on the page, before any style (LaTeX, MathML, plain text) has spelled it."""

from dataclasses import dataclass, replace
from enum import Enum


class Kind(Enum):
    """What a glyph is; styles set spaces and slants by it."""

    IDENTIFIER = "identifier"
    UPRIGHT = "upright"
    NUMBER = "number"
    FUNCTION = "function"
    SIGN = "sign"
    WORDS = "words"
    SPACE = "space"


@dataclass(frozen=True)
class Layout:
    """The base of all layouts."""


@dataclass(frozen=True)
class Glyph(Layout):
    """One mark: its LaTeX and its Unicode spelling."""

    latex: str
    text: str
    kind: Kind = Kind.IDENTIFIER


@dataclass(frozen=True)
class Operator(Layout):
    """A sign between two terms, or a relation between two sides; a line may be broken before it."""

    latex: str
    text: str
    relation: bool = False


@dataclass(frozen=True)
class Row(Layout):
    """Side by side without a space: d and mu."""

    items: tuple[Layout, ...]


@dataclass(frozen=True)
class Product(Layout):
    """Factors side by side."""

    items: tuple[Layout, ...]


@dataclass(frozen=True)
class Chain(Layout):
    """Terms with operators between them; a leading sign is a glyph."""

    items: tuple[Layout, ...]


@dataclass(frozen=True)
class Script(Layout):
    """A base with a subscript, a superscript or both."""

    base: Layout
    sub: Layout | None = None
    sup: Layout | None = None


@dataclass(frozen=True)
class Fraction(Layout):
    """Numerator over denominator; a wide numerator is set behind as 1/denominator [numerator] where lines are tall."""

    numerator: Layout
    denominator: Layout
    wide: bool = False


@dataclass(frozen=True)
class Root(Layout):
    """A square root."""

    body: Layout


@dataclass(frozen=True)
class BigSum(Layout):
    """The sign of a sum over a plate; what it sums follows in the same product."""

    index: Glyph
    upper: Glyph


@dataclass(frozen=True)
class Fence(Layout):
    """A body between brackets. bracket: "(", "[", "|" (determinant), "‖" (norm) or "." (evaluated at: a bar behind)."""

    bracket: str
    body: Layout


@dataclass(frozen=True)
class Delimiter(Layout):
    """One bracket of a fence that is broken over lines."""

    bracket: str
    opens: bool
    tall: bool


PLUS = Operator("+", "+")
MINUS = Operator("-", "−")
EQUALS = Operator("=", "=", relation=True)
NEGATIVE = Glyph("-", "−", Kind.SIGN)
DOT = Glyph(r"\cdot", "·", Kind.SIGN)
SLASH = Glyph("/", "/", Kind.SIGN)
SPACED_SLASH = Operator("/", "/")
SPACE = Glyph("", " ", Kind.SPACE)
TRANSPOSED = Glyph("T", "T")


def number(value: int) -> Glyph:
    """A whole number that is not negative."""
    return Glyph(str(value), str(value), Kind.NUMBER)


def words(text: str) -> Glyph:
    """Words within a formula."""
    return Glyph(rf"\text{{{text}}}", text, Kind.WORDS)


def function(latex: str, text: str) -> Glyph:
    """The upright name of a function."""
    return Glyph(latex, text, Kind.FUNCTION)


def parts(layout: Layout) -> tuple[Layout, ...]:
    """The layouts directly inside."""
    match layout:
        case Row(items) | Product(items) | Chain(items):
            return items
        case Script(base, sub, sup):
            return tuple(part for part in (base, sub, sup) if part is not None)
        case Fraction(numerator, denominator, _):
            return (numerator, denominator)
        case Root(body) | Fence(_, body):
            return (body,)
        case BigSum(index, upper):
            return (index, upper)
    return ()


def is_tall(layout: Layout) -> bool:
    """Whether brackets around it must grow."""
    if isinstance(layout, Script):
        return is_tall(layout.base)
    return isinstance(layout, Fraction | BigSum) or any(is_tall(part) for part in parts(layout))


def with_script(layout: Layout, sub: Layout | None = None, sup: Layout | None = None) -> Layout:
    """Hang scripts on a symbol; on a row of glyphs they hang on the last. A script that is there already is joined."""
    if isinstance(layout, Row):
        return replace(layout, items=(*layout.items[:-1], with_script(layout.items[-1], sub, sup)))
    if not isinstance(layout, Script):
        return Script(layout, sub, sup) if sub or sup else layout
    return Script(layout.base, _joined(layout.sub, sub), _joined(layout.sup, sup))


def _joined(first: Layout | None, second: Layout | None) -> Layout | None:
    if first is None or second is None:
        return first or second
    return Row((first, second))


def has_superscript(layout: Layout) -> bool:
    """Whether another superscript would collide with one that is there."""
    if isinstance(layout, Row):
        return has_superscript(layout.items[-1])
    return isinstance(layout, Script) and layout.sup is not None
