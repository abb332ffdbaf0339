"""The Markdown cells of a Jupyter notebook, with the lines of its file at which their text stands."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator

from derive.errors import InputError

TOKEN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+')
MOST_DEPTH = 200

Part = tuple[int, int]


def markdown_cells(text: str, name: str) -> Iterator[tuple[int, str, list[Part]]]:
    """Yield (number of the cell, its text, [(offset in the text, line of the file)]) for the Markdown cells, in order.

    Cells of all kinds are counted, from 1. Raises InputError for what is no notebook.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    number, kind, found = 0, "", list[tuple[str, int]]()
    cells = False
    for path, value, offset in _strings(text, name):
        if path[:1] != ("cells",):
            continue
        cells = True
        if path[1] != number:
            if number and kind == "markdown":
                yield number, *_together(found)
            number, kind, found = int(path[1]), "", []
        if path[2:] == ("cell_type",):
            kind = value
        elif path[2:3] == ("source",):
            found.append((value, bisect_right(starts, offset)))
    if not cells and '"cells"' not in text:
        raise InputError(f"{name} is no notebook: it has no cells")
    if number and kind == "markdown":
        yield number, *_together(found)


def _together(parts: list[tuple[str, int]]) -> tuple[str, list[Part]]:
    text, lines = "", list[Part]()
    for part, line in parts:
        lines.append((len(text), line))
        text += part.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    return text, lines or [(0, 1)]


def _strings(text: str, name: str) -> Iterator[tuple[tuple[str | int, ...], str, int]]:
    """Yield (path, string, offset) for all strings that are values. Raises InputError for what is no JSON."""
    stack: list[list[str | int]] = []  # for each open bracket: which it is, and the key or number that we are at
    value = False  # whether a key stands before
    for found in TOKEN.finditer(text):
        token = found.group()
        if token[0] == '"':
            said = _decoded(token)
            if stack and stack[-1][0] == "{" and not value:
                stack[-1][1] = said
            else:
                yield tuple(key for _, key in stack), said, found.start()
            continue
        value = token == ":"
        _step(stack, token, name)
    if stack or not text.lstrip("\ufeff \t\n").startswith("{"):
        raise InputError(f"{name} is no notebook: it is not valid JSON")


def _step(stack: list[list[str | int]], token: str, name: str) -> None:
    """Follow a bracket or a comma."""
    if token in "{[":
        stack.append([token, 1 if token == "[" else ""])
        if len(stack) > MOST_DEPTH:
            raise InputError(f"{name} is no notebook: nested more than {MOST_DEPTH} deep")
    elif token in "}]":
        if not stack:
            raise InputError(f"{name} is no notebook: a bracket that nothing opens")
        stack.pop()
    elif token == "," and stack and stack[-1][0] == "[":
        stack[-1][1] = int(stack[-1][1]) + 1


def _decoded(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]
