"""Lines of docstrings: equations with their numbers, and words that fit."""

import textwrap
from collections.abc import Iterable

from derive.emission.unicode import symbol, unicode
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr
from derive.language.numbered import Cases
from derive.proof.derivation import UpdateEquation

WIDTH = 116


def equation(update: UpdateEquation, name: str = "") -> list[str]:
    """Return the lines of an equation in a docstring, indented, with its number, and what names in it stand for."""
    text = f"({update.number}) {name or symbol(update.target)} = {unicode(update.value)}"
    lines = [text, *(f"with {unicode(named)} = {unicode(named.definition)}" for named in _named_cases(update.value))]
    return [
        part
        for line in lines
        for part in textwrap.wrap(
            line, WIDTH, initial_indent="    ", subsequent_indent="        ", break_long_words=False
        )
    ]


def wrapped(lines: list[str]) -> list[str]:
    """Return docstring lines that fit."""
    return [part for line in lines for part in textwrap.wrap(line, WIDTH, subsequent_indent="    ")]


def _named_cases(value: Expr) -> list[Named]:
    """The names that stand in the values of single components, and in what these stand for."""
    found = [named for case in value.values for named in _named(case)] if isinstance(value, Cases) else []
    return list(dict.fromkeys(found))


def _named(expr: Expr) -> Iterable[Named]:
    if isinstance(expr, Named):
        yield expr
    for child in expr.children:
        yield from _named(child)
