"""Generated code beside the equations that it computes: statements paired with the numbers in their comments."""

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

NUMBERED = re.compile(r"\((\d+)\)")


@dataclass(frozen=True)
class Snippet:
    """The statements of one function that compute an equation: their first line in the module, and their text."""

    function: str
    line: int
    text: str


def pair(code: str) -> dict[int, Snippet]:
    """The statements that compute each equation, by number: those of the first function that does; others repeat it.

    Empty for a text that is not Python.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return {}
    comments, lines = _comments(code), code.splitlines()
    places: dict[int, tuple[str, set[int]]] = {}
    for function, statement, heads in _statements(tree):
        here = _head(statement)
        above = statement.lineno - 1
        first = above if lines[above - 1].lstrip().startswith("#") else statement.lineno
        for number in {number for line in range(first, here.stop) for number in comments.get(line, ())}:
            owner, found = places.setdefault(number, (function, set()))
            if owner == function:
                found.update(here, *heads)
    return {number: _snippet(function, found, lines) for number, (function, found) in sorted(places.items())}


def _snippet(function: str, numbers: set[int], lines: list[str]) -> Snippet:
    text = textwrap.dedent("\n".join(lines[line - 1] for line in sorted(numbers)))
    return Snippet(function, min(numbers), text)


def _comments(code: str) -> dict[int, tuple[int, ...]]:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    found = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
    numbered = {line: tuple(map(int, NUMBERED.findall(text))) for line, text in found.items()}
    return {line: numbers for line, numbers in numbered.items() if numbers}


def _statements(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, tuple[range, ...]]]:
    """Every statement in a function, with the lines of the heads of the blocks around it."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for statement, heads in _inside(function.body, ()):
                yield function.name, statement, heads


def _inside(body: list[ast.stmt], heads: tuple[range, ...]) -> Iterator[tuple[ast.stmt, tuple[range, ...]]]:
    for statement in body:
        yield statement, heads
        for part in ("body", "orelse", "finalbody"):
            yield from _inside(getattr(statement, part, []), (*heads, _head(statement)))


def _head(statement: ast.stmt) -> range:
    """The lines of a statement; of a block, of its head only."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(last, statement.lineno) + 1)
