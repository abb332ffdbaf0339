"""Symbols in words that belong to one formula: ``log t <= t - 1`` is set as a whole, not letter by letter."""

import re
from dataclasses import replace

from derive.rendering.layout import (
    EQUALS,
    MINUS,
    PLUS,
    SPACE,
    SPACED_SLASH,
    Fence,
    Glyph,
    Kind,
    Layout,
    Operator,
    Row,
    function,
    number,
    with_script,
)
from derive.rendering.symbols import DIFFERENTIAL

ATOM = re.compile(
    r"(?P<function>\b(?:log|exp|tr|det|cos|sin)\b)|(?P<number>(?<![\w.])\d+(?![\w.]))"
    r"|(?P<sign>[-=<>+/|()^]|≠)|(?P<blank> )"
    r"|(?P<words>(?:(?!\b(?:log|exp|tr|det|cos|sin)\b|(?<![\w.])\d+(?![\w.])|[-=<>+/|()^ ]|≠).)+)",
    re.DOTALL,
)
SPACED = {
    "=": EQUALS,
    "+": PLUS,
    "-": MINUS,
    "/": SPACED_SLASH,
    "<": Operator("< ", "<", relation=True),  # the blank: Markdown takes <b for a tag
    ">": Operator(">", ">", relation=True),
    "≠": Operator(r"\neq", "≠", relation=True),
    "|": Operator(r"\mid", "|", relation=True),
}
TIGHT = {"-": "−"}
D = Glyph("d", "d")
TRACE = function(r"\text{tr}", "tr")
RAISE = Glyph("^", "^", Kind.SIGN)
RELATIONS = {"≤", "≥", "⇔", "⇒", "→"}


def joined(parts: tuple[str | Layout, ...]) -> tuple[str | Layout, ...]:
    """Set each stretch of symbols, signs, numbers and functions between the words as one formula."""
    found: list[str | Layout] = []
    run: list[Layout] = []
    for part in parts:
        for atom in _atoms(part) if isinstance(part, str) else (part,):
            if isinstance(atom, str):
                found += [*_closed(run), atom]
                run = []
            else:
                run.append(atom)
    found += _closed(run)
    merged: list[str | Layout] = []
    for piece in found:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return tuple(piece for piece in merged if piece != "")


def _atoms(text: str) -> list[str | Layout]:
    return [_atom(match) for match in ATOM.finditer(text)]


def _atom(match: re.Match[str]) -> str | Layout:
    text = match.group()
    if match["function"]:
        return TRACE if text == "tr" else function("\\" + text, text)
    if match["number"]:
        return number(int(text)) if str(int(text)) == text else text
    if match["blank"]:
        return SPACE
    return Glyph(text, TIGHT.get(text, text), Kind.SIGN) if match["sign"] else text


def _closed(run: list[Layout]) -> list[str | Layout]:
    """Split a run into words before it, its formula, and words behind it."""
    start, end = 0, len(run)
    while start < end and not _may_start(run, start, end):
        start += 1
    while end > start and not _may_end(run, start, end):
        end -= 1
    inner = run[start:end]
    if not any(_is_symbol(item) for item in inner):
        return ["".join(map(_spelled, run))]
    formula = _formula(inner)
    return ["".join(map(_spelled, run[:start])), formula, "".join(map(_spelled, run[end:]))]


def _may_start(run: list[Layout], start: int, end: int) -> bool:
    item = run[start]
    if _mark(item) == "(":
        return _balanced(run[start:end])
    return item != SPACE and (_mark(item) not in {*SPACED, *RELATIONS, ")", "^"} or isinstance(item, Row))


def _may_end(run: list[Layout], start: int, end: int) -> bool:
    item = run[end - 1]
    if _mark(item) == ")":
        return _balanced(run[start:end])
    if _mark(item) == "|":
        return sum(_mark(other) == "|" for other in run[start:end]) % 2 == 0
    is_function = isinstance(item, Glyph) and item.kind is Kind.FUNCTION
    return item != SPACE and not is_function and _mark(item) not in {*SPACED, *RELATIONS, "(", "^"}


def _balanced(run: list[Layout]) -> bool:
    marks = [_mark(item) for item in run]
    return marks.count("(") == marks.count(")")


def _mark(item: Layout) -> str:
    """The sign that a glyph is, as it was typed; nothing for a symbol."""
    return item.latex if isinstance(item, Glyph) and item.kind is Kind.SIGN else ""


def _is_symbol(item: Layout) -> bool:
    return not isinstance(item, Glyph) or item.kind in {Kind.IDENTIFIER, Kind.UPRIGHT}


def _spelled(item: Layout) -> str:
    assert isinstance(item, Glyph)  # noqa: S101 - only marks are cut off from a formula
    return item.latex if item.kind is Kind.SIGN and item.latex in SPACED else item.text


def _formula(run: list[Layout]) -> Layout:
    items: list[Layout] = []
    for i, item in enumerate(run):
        before, after = (run[i - 1] if i else None), (run[i + 1] if i + 1 < len(run) else None)
        if item == SPACE and (_is_spaced(run, i - 1) or _is_spaced(run, i + 1)):
            continue
        if item == D and after is not None and (after == SPACE or _mark(after) == "(") and before != RAISE:
            items.append(_parted(DIFFERENTIAL) if TRACE in run[i + 2 : i + 3] else DIFFERENTIAL)
        elif item == TRACE and after == SPACE:
            items.append(_parted(TRACE))
        elif _is_spaced(run, i):
            items.append(_operator(item))
        else:
            items.append(item)
    items = _raised(_barred(items))
    return items[0] if len(items) == 1 else Row(tuple(items))


def _parted(glyph: Glyph) -> Glyph:
    """A thin space behind, which TeX puts there itself for the functions that it knows."""
    return replace(glyph, latex=glyph.latex + r"\,")


def _is_spaced(run: list[Layout], at: int) -> bool:
    if not 0 < at < len(run) - 1 or run[at - 1] != SPACE or run[at + 1] != SPACE:
        return False
    item = run[at]
    return _mark(item) in SPACED or (isinstance(item, Glyph) and item.text in RELATIONS)


def _operator(item: Layout) -> Operator:
    assert isinstance(item, Glyph)  # noqa: S101 - signs are glyphs
    return SPACED.get(item.latex) or Operator(item.latex, item.text, relation=True)


def _barred(items: list[Layout]) -> list[Layout]:
    """Determinants: what stands between two bars is put into a fence."""
    bars = [i for i, item in enumerate(items) if _mark(item) == "|"]
    for first, second in reversed(list(zip(bars[::2], bars[1::2], strict=False))):
        items[first : second + 1] = [Fence("|", Row(tuple(items[first + 1 : second])))]
    return items


def _raised(items: list[Layout]) -> list[Layout]:
    """Hang what follows a ^ on what stands before it: one symbol, or what is in brackets."""
    done: list[Layout] = []
    at = 0
    while at < len(items):
        if items[at] != RAISE or not done or at + 1 == len(items):
            done.append(items[at])
            at += 1
            continue
        end = at + 2
        body: Layout = items[at + 1]
        if _mark(body) == "(":
            end = next((i for i in range(at, len(items)) if _mark(items[i]) == ")"), len(items) - 1) + 1
            body = Row(tuple(items[at + 2 : end - 1]))
        done[-1] = with_script(done[-1], sup=body)
        at = end
    return done
