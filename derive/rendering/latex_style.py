"""Layouts spelled in LaTeX (amsmath; what GitHub's MathJax accepts too)."""

from derive.rendering.layout import (
    NEGATIVE,
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
    number,
)

PAIRS = {"(": ("(", ")"), "[": ("[", "]"), "{": (r"\{", r"\}"), "|": ("|", "|"), "‖": (r"\lVert", r"\rVert")}


def latex(layout: Layout) -> str:  # noqa: C901 - one case a layout
    """The LaTeX of a layout, in display style."""
    match layout:
        case Glyph(spelled, _, _) | Operator(spelled, _, _):
            return spelled
        case Product(items):
            return joined([latex(item) for item in items])
        case Row(items):
            return _tight([latex(item) for item in items])
        case Chain(items):
            parts = [latex(item) for item in items]
            return parts[0] + joined(parts[1:]) if items[0] == NEGATIVE else joined(parts)
        case Script(base, sub, sup):
            return _script(latex(base), sub, sup)
        case Fraction(numerator, denominator, wide):
            return _fraction(numerator, denominator, wide=wide)
        case Root(body):
            return rf"\sqrt{{{latex(body)}}}"
        case BigSum(index, upper):
            return rf"\sum_{{{latex(index)}=1}}^{{{latex(upper)}}}"
        case Fence(bracket, body):
            left, right = PAIRS[bracket]
            if is_tall(body):
                return rf"\left{left} {latex(body)} \right{right}"
            gap = "" if len(left) == 1 else " "
            return gap.join((left, latex(body), right))
        case Delimiter(bracket, opens, tall):
            size = r"\Big" if tall else r"\big"
            return rf"{size}{'l' if opens else 'r'}{PAIRS[bracket][0 if opens else 1]}"
    raise TypeError(type(layout).__name__)


def joined(parts: list[str], gap: str = " ") -> str:
    """Parts side by side; a blank only where one is needed or helps a reader of the source."""
    return gap.join(part for part in parts if part)


def _script(base: str, sub: Layout | None, sup: Layout | None) -> str:
    return base + (f"_{_argument(sub)}" if sub else "") + (f"^{_argument(sup)}" if sup else "")


def _argument(layout: Layout) -> str:
    text = latex(layout)
    if isinstance(layout, Row) and all(isinstance(i, Glyph) and i.kind is not Kind.FUNCTION for i in layout.items):
        text = _tight([latex(item) for item in layout.items])
    return text if len(text) == 1 else f"{{{text}}}"


def _tight(parts: list[str]) -> str:
    """Indices side by side: nk, and a blank only behind a command that a letter follows."""
    text = ""
    for part in parts:
        gap = " " if text and _ends_in_command(text) and part[:1].isalpha() else ""
        text += gap + part
    return text


def _ends_in_command(text: str) -> bool:
    stem = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return stem.endswith("\\") and stem != text


def _fraction(numerator: Layout, denominator: Layout, *, wide: bool) -> str:
    if not wide:
        return rf"\frac{{{latex(numerator)}}}{{{latex(denominator)}}}"
    front = latex(Fraction(number(1), denominator))
    return joined([front, latex(Fence("[", numerator) if is_tall(numerator) else numerator)])


def unfolded(layout: Layout) -> Layout:
    """Wide fractions written out as 1/denominator [numerator], so that lines can be broken inside."""
    match layout:
        case Fraction(numerator, denominator, True):
            inner = unfolded(numerator)
            body = (Fence("[", inner),) if is_tall(inner) else inner.items if isinstance(inner, Product) else (inner,)
            return Product((Fraction(number(1), denominator), *body))
        case Product(items):
            flat: list[Layout] = []
            for item in map(unfolded, items):
                flat.extend(item.items if isinstance(item, Product) else (item,))
            return Product(tuple(flat))
        case Chain(items):
            return Chain(tuple(map(unfolded, items)))
        case Fence(bracket, body):
            return Fence(bracket, unfolded(body))
    return layout
