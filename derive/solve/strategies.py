"""The ways to solve an equation for one unknown, in the order in which they are tried."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from derive.errors import NoClosedFormError
from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.rewrite import mentions
from derive.solve.expand import has_powers, multiplied_out
from derive.solve.invert import solve_inverted
from derive.solve.isolate import cleared, isolate
from derive.solve.line import Line
from derive.solve.numeric import solve_numerically
from derive.solve.roots import solve_polynomial


@dataclass(frozen=True)
class Strategy:
    """A way to solve: its name, whether it may apply, and what does it (it raises NoClosedFormError where it fails)."""

    name: str
    applies: Callable[[Expr, Symbol], bool]
    lines: Callable[[Expr, Symbol], list[Line]]


def _is_scalar(residual: Expr, unknown: Symbol) -> bool:
    return unknown.shape.is_scalar and residual.contains(mentions(unknown.family))


STRATEGIES = (
    Strategy("isolation", lambda residual, unknown: not has_powers(residual, unknown), isolate),
    Strategy("admissible root", has_powers, solve_polynomial),
    Strategy("invertible function", _is_scalar, solve_inverted),
    Strategy("numerical root", _is_scalar, solve_numerically),
)


def solve(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve residual = 0 for the unknown; the last line reads unknown = value.

    Raises NoClosedFormError with the reasons where no strategy succeeds.
    """
    first, simpler = cleared(residual, unknown)
    more, simpler = multiplied_out(simpler, unknown)
    first += more
    reasons: list[str] = []
    for strategy in STRATEGIES:
        if strategy.applies(simpler, unknown):
            try:
                return first + strategy.lines(simpler, unknown)
            except NoClosedFormError as error:
                reasons.append(str(error))
    if _is_scalar(residual, unknown) and simpler.contains(mentions(unknown.family)):
        with suppress(NoClosedFormError):  # a slope may fall before it is cleared of denominators, and not after
            return solve_numerically(residual, unknown)
    others = "; nor has its equation one root only, as far as is shown" if len(reasons) > 1 else ""
    raise NoClosedFormError(reasons[0] + others)
