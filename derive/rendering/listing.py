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
    """A statement of generated code: the function that holds it, its first line in the module, and its text."""

    function: str
    line: int
    text: str


def pair(code: str) -> dict[int, tuple[Snippet, ...]]:
    """The statements that compute each equation, by number; nothing for a text that is not Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return {}
    comments = _comments(code)
    paired: dict[int, list[Snippet]] = {}
    for function, statement, last in _statements(tree):
        first = (
            statement.lineno - 1 if statement.lineno - 1 in comments and _alone(code, statement.lineno - 1) else None
        )
        numbers = [n for line in range(first or statement.lineno, last + 1) for n in comments.get(line, ())]
        snippet = Snippet(function, statement.lineno, _text(code, statement.lineno, last))
        for number in dict.fromkeys(numbers):
            paired.setdefault(number, []).append(snippet)
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


def _alone(code: str, line: int) -> bool:
    return code.splitlines()[line - 1].lstrip().startswith("#")


def _text(code: str, first: int, last: int) -> str:
    lines = code.splitlines()[first - 1 : last]
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return textwrap.dedent("\n".join(lines))
