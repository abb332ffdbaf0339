"""Code as markup: comments set apart, and the equation numbers in them linked to the equations."""

import io
import keyword
import re
import tokenize
from html import escape

NUMBER = re.compile(r"\((\d+)\)")


def highlighted(code: str, *, numbered: bool = False) -> str:
    """Python as markup for a ``pre`` element. numbered: each line in an element of its own, to be numbered by style."""
    spans = _spans(code)
    lines = []
    for number, line in enumerate(code.splitlines(), start=1):
        marked, end = "", 0
        for start, stop, kind in spans.get(number, ()):
            inner = escape(line[start:stop])
            inner = NUMBER.sub(r'<a href="#eq-\1">(\1)</a>', inner) if kind == "c" else inner
            marked += escape(line[end:start]) + f'<span class="{kind}">{inner}</span>'
            end = stop
        marked += escape(line[end:])
        lines.append(f'<span class="line">{marked}</span>' if numbered else marked)
    return "\n".join(lines)


def _spans(code: str) -> dict[int, list[tuple[int, int, str]]]:
    """Columns of comments ("c"), strings ("s") and keywords ("k") by line; what cannot be read as Python has none."""
    spans: dict[int, list[tuple[int, int, str]]] = {}
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, IndentationError):
        return spans
    lines = code.splitlines()
    for token in tokens:
        kind = _kind(token)
        if not kind:
            continue
        for row in range(token.start[0], token.end[0] + 1):
            start = token.start[1] if row == token.start[0] else 0
            stop = token.end[1] if row == token.end[0] else len(lines[row - 1])
            spans.setdefault(row, []).append((start, stop, kind))
    return spans


def _kind(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.COMMENT:
        return "c"
    if token.type == tokenize.STRING:
        return "s"
    return "k" if token.type == tokenize.NAME and keyword.iskeyword(token.string) else ""
