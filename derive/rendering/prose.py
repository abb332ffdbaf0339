"""Words with mathematics in them: `gamma_nk`, `Sigma^-1`, `mu[k]` and `<=` become symbols, the rest stays text."""

import re

from derive.rendering import names
from derive.rendering.layout import NEGATIVE, TRANSPOSED, Glyph, Kind, Layout, Row, Script, number, with_script
from derive.rendering.runs import joined
from derive.rendering.symbols import DIFFERENTIAL, inverted

Prose = tuple[str | Layout, ...]

SIGNS = {
    "<=>": (r"\Leftrightarrow", "⇔"),
    "=>": (r"\Rightarrow", "⇒"),
    "<=": (r"\leq", "≤"),
    ">=": (r"\geq", "≥"),
    "≤": (r"\leq", "≤"),
    "≥": (r"\geq", "≥"),
    "⇔": (r"\Leftrightarrow", "⇔"),
    "⇒": (r"\Rightarrow", "⇒"),
    "→": (r"\to", "→"),
    "∂": (r"\partial", "∂"),
    "∑": (r"\sum", "∑"),
    "−": ("-", "−"),
    "-": ("-", "−"),
    "·": (r"\cdot", "·"),
    "×": (r"\times", "×"),
    "²": ("{}^2", "²"),
    "½": (r"\tfrac{1}{2}", "½"),
    "ᵀ": ("{}^T", "ᵀ"),
}
TOKEN = re.compile(
    r"(?P<sign><=>|=>|<=|>=|(?<!\w)-(?=[A-Za-z|(0-9])|[≤≥⇔⇒→∂∑−·×²½ᵀ])"
    r"|(?<=\()(?P<pair>[A-Z]{2})(?=\))"
    r"|(?P<member>\b[A-Za-z]\w*\[\w+(?:, ?\w+)*\])"
    r"|(?<![\w'\u2019])(?<!\w-)(?P<d>d(?=[A-Za-zα-ωΑ-Ω]))?(?P<base>[A-Za-zα-ωΑ-Ω]+\d?)(?:_(?P<sub>[A-Za-z0-9]{1,3}))?"
    r"(?P<sup>\^-?\d+|'(?!\w)|⁻¹|ᵀ)?(?!\w|-(?!\d))"
)


def prose(text: str) -> Prose:
    """Split a text into words and the symbols among them."""
    found: list[str | Layout] = []
    end = 0
    for match in TOKEN.finditer(text):
        layout = _layout(match, text)
        if layout is not None:
            found += [text[end : match.start()], layout]
            end = match.end()
    return joined((*found, text[end:]))


def _layout(match: re.Match[str], text: str) -> Layout | None:
    if sign := match["sign"]:
        return Glyph(*SIGNS[sign], Kind.SIGN)
    if pair := match["pair"]:
        return Row(tuple(map(names.letter, pair)))
    if member := match["member"]:
        name, _, inside = member[:-1].partition("[")
        return names.scripted(names.of_name(name), tuple(index.strip() for index in inside.split(",")))
    d, base, sub, sup = match["d"], match["base"], match["sub"], match["sup"]
    if match.group() == "do":
        return None
    if d is not None and (d + base in names.GREEK or not (_is_symbol(base))):
        base, d = d + base, None
    barred = text[max(match.start() - 1, 0) : match.start()] == "|" and text[match.end() : match.end() + 1] == "|"
    if not _is_symbol(base) or (not (sub or sup or d or barred) and _is_article(base, text[: match.start()])):
        return Script(Glyph(r"\sum", "∑"), names.letter(sub)) if base == "sum" and sub else None
    layout = _scripted(base, sub, sup)
    return Row((DIFFERENTIAL, layout)) if d else layout


def _is_article(base: str, before: str) -> bool:
    """Whether a letter is a word of its own: always "a", and "A" or "I" where a sentence starts."""
    return base == "a" or (base in "AI" and (not before or before.rstrip()[-1:] in {".", ";", ":"}))


def _is_symbol(base: str) -> bool:
    stem = base.rstrip("0123456789")
    return (
        len(base) == 1
        or (len(stem) == 1 and stem.isascii())
        or stem in names.GREEK
        or stem in names.ALIASES
        or (stem in names.GREEK_OF_LETTER and len(stem) == 1)
    )


def _scripted(base: str, sub: str | None, sup: str | None) -> Layout:
    layout = names.of_name(base)
    if sub:
        layout = names.scripted(layout, tuple(sub)) if sub.islower() else with_script(layout, names.letter(sub))
    if sup in {"'", "ᵀ"}:
        return with_script(layout, sup=TRANSPOSED)
    if sup == "⁻¹":
        return with_script(layout, sup=Row((NEGATIVE, number(1))))
    if sup:
        value = int(sup[1:])
        if value == -1:
            return inverted(layout)
        return with_script(layout, sup=Row((NEGATIVE, number(-value))) if value < 0 else number(value))
    return layout
