"""An identity that must hold for a step to be true."""

from collections.abc import Callable
from dataclasses import dataclass

from derive.language import ring
from derive.language.expr import Expr
from derive.language.family import Family


@dataclass(frozen=True)
class Claim:
    """left and right compare entry by entry; ``varied``: left - right must not change when that family is redrawn."""

    left: Expr
    right: Expr
    what: str = "the sides differ"
    varied: Family | None = None
    holds: Callable[[ring.Scalar, ring.Scalar], bool] = ring.agree
