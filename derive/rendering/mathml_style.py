"""Layouts spelled in MathML, which browsers typeset by themselves: no script, no fonts to load."""

from html import escape

from derive.rendering.layout import (
    SPACE,
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
    is_tall,
)

OPENING = {"(": "(", "[": "[", "{": "{", "|": "|", "‖": "‖"}
THIN = '<mspace width="0.17em"/>'
CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖"}


def math(*lines: Layout, block: bool = True) -> str:
    """A formula as an element of its own, broken into the given lines."""
    body = row(*lines) if len(lines) == 1 else _table(lines)
    style = ' display="block" displaystyle="true"' if block else ""
    return f"<math{style}>{body}</math>"


def row(*layouts: Layout) -> str:
    """Layouts side by side."""
    return f"<mrow>{''.join(map(mathml, layouts))}</mrow>"


def _table(lines: tuple[Layout, ...]) -> str:
    rows = "".join(
        f'<mtr><mtd class="{"first" if i == 0 else "more"}">{row(line)}</mtd></mtr>' for i, line in enumerate(lines)
    )
    return f'<mtable displaystyle="true">{rows}</mtable>'


def mathml(layout: Layout) -> str:  # noqa: C901 - one case a layout
    """The MathML of a layout."""
    match layout:
        case Glyph(_, text, kind):
            return _glyph(text, kind)
        case Operator(_, text, _):
            return f'<mo form="infix">{escape(text)}</mo>'
        case Row(items) | Product(items) | Chain(items):
            return _joined(items)
        case Script(base, sub, sup):
            return _script(base, sub, sup)
        case Fraction(numerator, denominator, wide):
            if wide:
                front = f"<mfrac>{row(Glyph('1', '1', Kind.NUMBER))}{row(denominator)}</mfrac>"
                return front + mathml(Fence("[", numerator))
            return f"<mfrac>{row(numerator)}{row(denominator)}</mfrac>"
        case Root(body):
            return f"<msqrt>{mathml(body)}</msqrt>"
        case BigSum(index, upper):
            below = f"<mrow>{mathml(index)}<mo>=</mo><mn>1</mn></mrow>"
            return f"<munderover><mo>∑</mo>{below}{row(upper)}</munderover>"
        case Fence(bracket, body):
            tall = is_tall(body)
            left, right = _bracket(OPENING[bracket], "prefix", tall), _bracket(CLOSING[bracket], "postfix", tall)
            return f"<mrow>{left}{mathml(body)}{right}</mrow>"
        case Delimiter(bracket, opens, tall):
            mark = (OPENING if opens else CLOSING)[bracket]
            size = ' minsize="2.2em" maxsize="2.2em"' if tall else ""
            return f'<mo fence="true" form="{"prefix" if opens else "postfix"}" stretchy="true"{size}>{mark}</mo>'
    raise TypeError(type(layout).__name__)


def _bracket(mark: str, form: str, tall: bool) -> str:  # noqa: FBT001 - as in the layout
    return f'<mo fence="true" form="{form}" stretchy="{str(tall).lower()}" lspace="0" rspace="0">{mark}</mo>'


def _joined(items: tuple[Layout, ...]) -> str:
    """Side by side, with a thin space around the names of functions but none before a bracket."""
    shown = [item for item in items if item != SPACE]
    text = ""
    for i, item in enumerate(shown):
        if i and _starts_with_function(item) and not isinstance(shown[i - 1], Operator | Delimiter):
            text += THIN
        text += mathml(item)
        if _is_function(item) and i + 1 < len(shown) and not _is_bracket(shown[i + 1]):
            text += THIN
    return text


def _is_function(item: Layout) -> bool:
    return isinstance(item, Glyph) and item.kind is Kind.FUNCTION


def _starts_with_function(item: Layout) -> bool:
    return _is_function(item) or (isinstance(item, Row | Product) and _starts_with_function(item.items[0]))


def _is_bracket(item: Layout) -> bool:
    return isinstance(item, Fence | Delimiter) or (isinstance(item, Glyph) and item.text == "(")


def _glyph(text: str, kind: Kind) -> str:
    shown = escape(text)
    match kind:
        case Kind.NUMBER:
            return f"<mn>{shown}</mn>"
        case Kind.FUNCTION:
            return f"<mi>{shown}</mi>"
        case Kind.SIGN:
            return _sign(shown)
        case Kind.WORDS:
            return f"<mtext>{shown}</mtext>"
        case Kind.SPACE:
            return ""
    upright = kind is Kind.UPRIGHT or (len(text) == 1 and "Α" <= text <= "Ω")
    return f'<mi mathvariant="normal">{shown}</mi>' if upright else f"<mi>{shown}</mi>"


def _sign(mark: str) -> str:
    if mark == "−":
        return '<mo form="prefix">−</mo>'
    if mark.strip() in {"(", ")", "|", "/", "′"}:
        gap = "0.22em" if mark.strip() == "|" else "0"
        return f'<mo stretchy="false" lspace="{gap}" rspace="{gap}">{mark.strip()}</mo>'
    return f"<mo>{mark.strip()}</mo>"


def _script(base: Layout, sub: Layout | None, sup: Layout | None) -> str:
    inner = row(base)
    if sub and sup:
        return f"<msubsup>{inner}{row(sub)}{row(sup)}</msubsup>"
    return f"<msub>{inner}{row(sub)}</msub>" if sub else f"<msup>{inner}{row(sup)}</msup>" if sup else inner
