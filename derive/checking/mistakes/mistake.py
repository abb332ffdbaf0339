"""A mistake: what went wrong in a sentence, and how it turns a right formula into a wrong one."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from derive.em.notation import Notation
from derive.errors import DeriveError
from derive.language.expr import Expr
from derive.language.functions import Exp

Make = Callable[[Expr, Notation], Iterator[Expr]]


@dataclass(frozen=True)
class Mistake:
    """A typical mistake.

    name: kebab-case. group: what it is about: "e-step", "objective", "means", "covariances", "weights", "structure",
    "families", "algebra" or "calculus". says: what went wrong, in a sentence. why: what helps to see it, in another.
    make: every way to make it at one place of a right formula.
    """

    name: str
    group: str
    says: str
    why: str
    make: Make


Rule = Callable[[Expr], Iterator[Expr]]


def at_each(expr: Expr, rule: Rule) -> Iterator[Expr]:
    """Yield the formula with one of its parts exchanged, for each part and each of what the rule makes of it."""
    with suppress(DeriveError, TypeError, ZeroDivisionError):  # a formula that has no meaning
        yield from rule(expr)
    for place, child in enumerate(expr.children):
        for other in at_each(child, rule):
            try:
                yield expr.rebuild(*expr.children[:place], other, *expr.children[place + 1 :])
            except (DeriveError, TypeError, ZeroDivisionError):
                continue  # a formula that has no meaning, such as a matrix plus a scalar


def everywhere(expr: Expr, rule: Callable[[Expr], Expr | None]) -> Expr:
    """Return the formula with every part exchanged for which the rule has another."""
    other = rule(expr)
    if other is not None:
        return other
    return expr.map(lambda child: everywhere(child, rule))


def all_at_once(rule: Callable[[Expr, Notation], Expr | None]) -> Make:
    """Make a mistake at all places together: a symbol that is forgotten wherever it stands."""

    def make(expr: Expr, notation: Notation) -> Iterator[Expr]:
        try:
            other = everywhere(expr, lambda part: rule(part, notation))
        except (DeriveError, TypeError, ZeroDivisionError):
            return
        if other != expr:
            yield other

    return make


def one_by_one(rule: Callable[[Expr, Notation], Iterator[Expr]]) -> Make:
    """Make a mistake at one place at a time."""
    return lambda expr, notation: at_each(expr, lambda part: rule(part, notation))


def in_densities(make: Make) -> Make:
    """Make a mistake only in formulas in which a density stands."""
    return lambda expr, notation: (
        make(expr, notation) if expr.contains(lambda part: isinstance(part, Exp)) else iter(())
    )


def both(*makes: Make) -> Make:
    """Make a mistake in several ways."""

    def make(expr: Expr, notation: Notation) -> Iterator[Expr]:
        for one in makes:
            yield from one(expr, notation)

    return make
