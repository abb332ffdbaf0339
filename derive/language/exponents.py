"""Which families stand in exponents."""

from derive.language.expr import Expr
from derive.language.functions import Exp
from derive.language.symbolic_power import SymbolicPower


def in_exponents(expr: Expr) -> frozenset[str]:
    """Return the names of the families inside exponentials, and of those in a power whose exponent is a formula."""
    if isinstance(expr, Exp | SymbolicPower):
        return frozenset(name for name, _ in expr.members)
    return frozenset().union(*map(in_exponents, expr.children))
