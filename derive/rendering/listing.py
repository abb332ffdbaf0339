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


def pair(code: str) -> dict[int, tuple[Snippet, ...]]:
    """The statements that compute each equation, by number; nothing for a text that is not Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return {}
    comments, lines = _comments(code), code.splitlines()
    places: dict[tuple[int, str], set[int]] = {}
    for function, statement, last in _statements(tree):
        above = statement.lineno - 1
        first = above if lines[above - 1].lstrip().startswith("#") else statement.lineno
        for number in {number for line in range(first, last + 1) for number in comments.get(line, ())}:
            places.setdefault((number, function), set()).update(range(statement.lineno, last + 1))
    paired: dict[int, list[Snippet]] = {}
    for (number, function), numbers in places.items():
        text = textwrap.dedent("\n".join(lines[line - 1] for line in sorted(numbers)))
        paired.setdefault(number, []).append(Snippet(function, min(numbers), text))
    return {number: tuple(snippets) for number, snippets in sorted(paired.items())}


def _comments(code: str) -> dict[int, tuple[int, ...]]:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    found = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
    numbered = {line: tuple(map(int, NUMBERED.findall(text))) for line, text in found.items()}
    return {line: numbers for line, numbers in numbered.items() if numbers}


def _statements(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, int]]:
    """Every statement in a function with its last line; of a block, its head only."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for inner in ast.walk(function):
                if isinstance(inner, ast.stmt) and inner is not function:
                    body = getattr(inner, "body", None)
                    last = body[0].lineno - 1 if body else inner.end_lineno or inner.lineno
                    yield function.name, inner, max(last, inner.lineno)
