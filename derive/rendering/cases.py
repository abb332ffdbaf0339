"""Values by cases: for some numbers of a plate, and for the members beyond those that share one."""

from collections.abc import Callable

from derive.language.beyond import Beyond
from derive.language.expr import Expr
from derive.language.numbered import Cases
from derive.rendering import names
from derive.rendering.layout import EQUALS, PLUS, Chain, Fence, Layout, number, words
from derive.rendering.roots import COMMA
from derive.rendering.special import AT_MOST

Notation = Callable[[Expr], Layout]


def cases(expr: Cases, notation: Notation) -> Layout:
    """[value for k = 2, else value]."""
    items: list[Layout] = []
    for at, value in zip(expr.numbers, expr.values, strict=True):
        items += [notation(value), words(" for "), names.letter(expr.index.name), EQUALS, number(at), COMMA]
    return Fence("[", Chain((*items, words("else "), notation(expr.otherwise))))


def beyond(expr: Beyond, notation: Notation) -> Layout:
    """[value for k = 1, ..., K, value for k = K + 1]."""
    index, base = names.letter(expr.index.name), names.letter(expr.index.size.base.name)
    items: list[Layout] = [notation(expr.otherwise), words(" for "), index, AT_MOST, base]
    for more, value in enumerate(expr.values, 1):
        items += [COMMA, notation(value), words(" for "), index, EQUALS, base, PLUS, number(more)]
    return Fence("[", Chain(tuple(items)))
