"""Layouts spelled in plain Unicode on one line, as in a terminal: μ_k = ∑_n γ_nk x_n / ∑_n γ_nk."""

from derive.rendering.layout import (
    SPACED_SLASH,
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
    parts,
)

VULGAR = {(1, 2): "½", (1, 3): "⅓", (2, 3): "⅔", (1, 4): "¼", (3, 4): "¾", (1, 5): "⅕", (1, 6): "⅙", (1, 8): "⅛"}
RAISED = str.maketrans("0123456789−T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ")
OPENING = {"(": "(", "[": "[ ", "{": "{", "|": "|", "‖": "‖"}
CLOSING = {"(": ")", "[": " ]", "{": "}", "|": "|", "‖": "‖"}


def text(layout: Layout) -> str:
    """The plain text of a layout."""
    return spelled(linear(layout))


def spelled(layout: Layout) -> str:
    """The plain text of a layout whose fractions stand on the line already."""
    match layout:
        case Glyph(_, mark, _):
            return mark
        case Operator(_, mark, _):
            return f" {mark} " if mark != "," else ", "
        case Product(items):
            pairs = zip((None, *items), items, strict=False)
            return "".join(_gap(before, item) + spelled(item) for before, item in pairs)
        case Script(base, sub, sup):
            return spelled(base) + (_lowered(sub) if sub else "") + (_raised(sup) if sup else "")
        case Fence(bracket, body):
            return OPENING[bracket] + spelled(body) + CLOSING[bracket]
        case BigSum(index, _):
            return f"∑_{index.text}"
        case Root(body):
            bare = isinstance(body, Glyph) or (isinstance(body, Script) and body.sup is None)
            return f"√{spelled(body)}" if bare else f"√({spelled(body)})"
        case Delimiter(bracket, opens, _):
            return OPENING[bracket] if opens else CLOSING[bracket]
    return "".join(map(spelled, parts(layout)))


def gap_between(before: Layout | None, after: Layout) -> bool:
    """Whether a blank parts two factors: not between (..)(..), nor a bracket and what is raised behind it."""
    return before is not None and not (_round(before) and _round(after))


def _gap(before: Layout | None, after: Layout) -> str:
    return " " if gap_between(before, after) else ""


def _round(layout: Layout) -> bool:
    if isinstance(layout, Script):
        return _round(layout.base)
    return isinstance(layout, Fence) and layout.bracket == "("


def _lowered(layout: Layout) -> str:
    inner = text(layout)
    return f"_{inner}" if all(char.isalnum() or char == "′" for char in inner) else f"_{{{inner}}}"


def _raised(layout: Layout) -> str:
    inner = text(layout)
    if all(ord(char) in RAISED for char in inner):
        return inner.translate(RAISED)
    return f"^({inner})" if len(inner) > 1 else f"^{inner}"


def is_atomic(layout: Layout) -> bool:
    """Whether a layout binds tighter than any operator: a glyph, a symbol with scripts, a fence, or ∂Q."""
    match layout:
        case Glyph(_, _, kind):
            return kind is not Kind.FUNCTION
        case Script(base, _, _):
            return is_atomic(base) or isinstance(base, Fence)
        case Row((Glyph() | Script(Glyph()), Fence())):  # tr[..], exp(..), I_0(..)
            return True
        case Row(items):
            return all(isinstance(item, Glyph | Script) and is_atomic(item) for item in items)
        case Fence() | Root():
            return True
    return False


def linear(layout: Layout, *, alone: bool = True) -> Layout:
    """Fractions put on the line: x/y for symbols, else (a b) / c. ``alone``: no factor stands beside."""
    match layout:
        case Fraction(numerator, denominator, _):
            return _on_the_line(numerator, denominator, alone=alone)
        case Product(items):
            last = len(items) - 1
            return Product(tuple(_factor(item, first=i == 0, last=i == last) for i, item in enumerate(items)))
        case Chain(items):
            return Chain(tuple(map(linear, items)))
        case Row(items):
            return Row(tuple(linear(item, alone=False) for item in items))
        case Fence(bracket, body):
            return Fence(bracket, linear(body))
        case Root(body):
            return Root(linear(body))
        case Script(Fence() as base, Chain() as sub, None):  # [body] at a value: a row, which can be broken
            return Row((linear(base), Glyph("", "_{"), linear(sub), Glyph("", "}")))
        case Script(base, sub, sup):
            return Script(linear(base, alone=False), sub and linear(sub), sup and linear(sup))
    return layout


def _factor(item: Layout, *, first: bool, last: bool) -> Layout:
    if isinstance(item, Fraction) and not is_operator(item):
        tight = is_atomic(item.numerator) and is_atomic(item.denominator)
        return linear(item, alone=tight and last and not first) if not _vulgar(item) else linear(item)
    return linear(item, alone=False)


def is_operator(fraction: Fraction) -> bool:
    """Whether it is the sign of a derivative, d/dx or dQ/dx, which reads as one."""
    return _starts_with_partial(fraction.numerator)


def _starts_with_partial(layout: Layout) -> bool:
    return _starts_with_partial(layout.items[0]) if isinstance(layout, Row) else getattr(layout, "text", "") == "∂"


def _vulgar(fraction: Fraction) -> str:
    above, below = fraction.numerator, fraction.denominator
    if not (isinstance(above, Glyph) and isinstance(below, Glyph)) or above.kind is not Kind.NUMBER:
        return ""
    return VULGAR.get((int(above.text), int(below.text)), "") if below.kind is Kind.NUMBER else ""


def _on_the_line(numerator: Layout, denominator: Layout, *, alone: bool) -> Layout:
    fraction = Fraction(numerator, denominator)
    if mark := _vulgar(fraction):
        return Glyph("", mark, Kind.NUMBER)
    above, below = linear(numerator), linear(denominator)
    if is_atomic(above) and is_atomic(below):
        laid: Layout = Row((above, Glyph("/", "/", Kind.SIGN), below))
        return laid if alone or is_operator(fraction) else Fence("(", laid)
    above = above if is_atomic(above) or _is_plain_product(above) else Fence("(", above)
    starts_with_sum = isinstance(below, Product) and isinstance(below.items[0], BigSum)
    ends_open = starts_with_sum and not _is_plain_product(below)
    below = below if is_atomic(below) or (starts_with_sum and not ends_open) else Fence("(", below)
    laid = Chain((above, SPACED_SLASH, below))
    return laid if alone else Fence("(", laid)


def _is_plain_product(layout: Layout) -> bool:
    """Whether it can stand beside a slash without brackets: no sum of terms, no other slash, no open function."""
    if not isinstance(layout, Product):
        return False
    return all(isinstance(item, BigSum | Glyph | Script | Fence | Row) and not _opens(item) for item in layout.items)


def _opens(item: Layout) -> bool:
    if isinstance(item, Row):
        return not _starts_with_partial(item) and any(isinstance(p, Glyph) and p.text == "/" for p in item.items)
    return isinstance(item, Glyph) and item.kind is Kind.FUNCTION
