"""One question about a sign, and all that it leads to: what is known already, and when to give up.

A sum of special functions can be rewritten in many ways, each of which leads to further sums. The same parts are met
again and again, and a sum that has no sign would be turned over without end.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from derive.language.expr import Expr

FORMS = 12  # sums of special functions that one question may rewrite; those with an answer have needed seven at most
Answer = TypeVar("Answer")


@dataclass
class Inquiry:
    """What has been found since a question was asked. It ends with it: a name may have another domain in another model.

    answers: by expression. rewritten: how many sums of special functions were rewritten.
    """

    answers: dict[Expr, Any] = field(default_factory=dict)
    rewritten: int = 0


OPEN: ContextVar[Inquiry | None] = ContextVar("open", default=None)


def answered(question: Callable[[Expr], Answer]) -> Callable[[Expr], Answer]:
    """Wrap a question about expressions that leads to itself: within one inquiry, each is answered once."""

    @wraps(question)
    def asked(expr: Expr) -> Answer:
        opened = OPEN.get()
        if opened is None:
            token = OPEN.set(Inquiry())
            try:
                return asked(expr)
            finally:
                OPEN.reset(token)
        if expr not in opened.answers:
            opened.answers[expr] = question(expr)
        found: Answer = opened.answers[expr]
        return found

    return asked


def may_rewrite() -> bool:
    """Whether the open inquiry may rewrite one more sum of special functions; it is counted."""
    opened = OPEN.get()
    if opened is None:
        return True
    opened.rewritten += 1
    return opened.rewritten <= FORMS
