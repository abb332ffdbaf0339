"""Layouts spelled in MathML, which browsers typeset by themselves: no script, no fonts to load."""

from html import escape

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

OPENING = {"(": "(", "[": "[", "|": "|", "‖": "‖"}
CLOSING = {"(": ")", "[": "]", "|": "|", "‖": "‖"}


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
            return "".join(map(mathml, items))
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
            left, right = _bracket(OPENING[bracket], "prefix"), _bracket(CLOSING[bracket], "postfix")
            return f"<mrow>{left}{mathml(body)}{right}</mrow>"
        case Delimiter(bracket, opens, tall):
            mark = (OPENING if opens else CLOSING)[bracket]
            size = ' minsize="2.2em" maxsize="2.2em"' if tall else ""
            return f'<mo fence="true" form="{"prefix" if opens else "postfix"}" stretchy="true"{size}>{mark}</mo>'
    raise TypeError(type(layout).__name__)


def _bracket(mark: str, form: str) -> str:
    return f'<mo fence="true" form="{form}" stretchy="true">{mark}</mo>'


def _glyph(text: str, kind: Kind) -> str:
    shown = escape(text)
    match kind:
        case Kind.NUMBER:
            return f"<mn>{shown}</mn>"
        case Kind.FUNCTION:
            return f'<mi>{shown}</mi><mspace width="0.17em"/>'
        case Kind.SIGN:
            return f'<mo form="prefix">{shown}</mo>' if text == "−" else f"<mo>{shown.strip()}</mo>"
        case Kind.WORDS:
            return f"<mtext>{shown}</mtext>"
        case Kind.SPACE:
            return ""
    upright = kind is Kind.UPRIGHT or (len(text) == 1 and "Α" <= text <= "Ω")
    return f'<mi mathvariant="normal">{shown}</mi>' if upright else f"<mi>{shown}</mi>"


def _script(base: Layout, sub: Layout | None, sup: Layout | None) -> str:
    inner = row(base)
    if sub and sup:
        return f"<msubsup>{inner}{row(sub)}{row(sup)}</msubsup>"
    return f"<msub>{inner}{row(sub)}</msub>" if sub else f"<msup>{inner}{row(sup)}</msup>" if sup else inner
