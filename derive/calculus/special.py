"""Differentials of special functions; equations are those of the Digital Library of Mathematical Functions."""

from derive.calculus.differential import RULES, Rule, differential, register
from derive.errors import NoClosedFormError
from derive.language.atom import PointMass
from derive.language.expr import Expr, add, mul, power
from derive.language.family import Family
from derive.language.functions import log
from derive.language.indicator import Support
from derive.language.rewrite import collect, mentions, scaled
from derive.language.special import (
    Absolute,
    Atan2,
    BesselRatio,
    Cos,
    LogBesselI,
    LogGamma,
    PolyGamma,
    Sin,
    bessel_ratio,
    cos,
    digamma,
    polygamma,
    sin,
)
from derive.language.symbolic_power import SymbolicPower
from derive.language.width import Width

RULES |= {
    SymbolicPower: Rule("d u^p = u^p (p du / u + log u dp)"),
    LogGamma: Rule("d log Γ(u) = ψ(u) du", dlmf="(5.2.2)"),
    PolyGamma: Rule("d ψ^(m)(u) = ψ^(m+1)(u) du", dlmf="(5.15.1)"),
    LogBesselI: Rule("d log I_v(u) = (r_v(u) + v / u) du", dlmf="(10.29.2)"),
    BesselRatio: Rule("d r_v(u) = (1 - r_v(u)^2 - (2 v + 1) r_v(u) / u) du", dlmf="(10.29.2)"),
    Cos: Rule("d cos u = -sin(u) du", dlmf="(4.20.2)"),
    Sin: Rule("d sin u = cos(u) du", dlmf="(4.20.1)"),
    Atan2: Rule("d atan2(u, v) = (v du - u dv) / (u^2 + v^2)"),
}


@register
def _symbolic_power(expr: SymbolicPower, family: Family) -> Expr:
    """d u^p = u^p (p du / u + log u dp)."""
    moved_base = mul(expr, expr.exponent, power(expr.base, -1), differential(expr.base, family))
    return add(moved_base, mul(expr, log(expr.base), differential(expr.exponent, family)))


@register
def _loggamma(expr: LogGamma, family: Family) -> Expr:
    """d log Gamma(u) = psi(u) du."""
    return mul(digamma(expr.arg), differential(expr.arg, family))


@register
def _polygamma(expr: PolyGamma, family: Family) -> Expr:
    """d psi^(m)(u) = psi^(m+1)(u) du."""
    return mul(polygamma(expr.order + 1, expr.arg), differential(expr.arg, family))


@register
def _log_bessel_i(expr: LogBesselI, family: Family) -> Expr:
    """d log I_v(u) = (r_v(u) + v / u) du, with r_v = I_{v+1} / I_v."""
    _fixed(expr.order, expr, family)
    slope = add(bessel_ratio(expr.order, expr.arg), mul(expr.order, power(expr.arg, -1)))
    return mul(slope, differential(expr.arg, family))


@register
def _bessel_ratio(expr: BesselRatio, family: Family) -> Expr:
    """d r = (1 - r^2 - (2 v + 1) r / u) du."""
    _fixed(expr.order, expr, family)
    twice = collect(add(scaled(2, expr.order), 1))
    slope = add(1, mul(-1, power(expr, 2)), mul(-1, twice, expr, power(expr.arg, -1)))
    return mul(slope, differential(expr.arg, family))


def _fixed(order: Expr, expr: Expr, family: Family) -> None:
    if order.contains(mentions(family)):
        raise NoClosedFormError(f"{expr} has {family.name} in its order, in which it is not differentiated")


@register
def _cos(expr: Cos, family: Family) -> Expr:
    """d cos u = -sin(u) du."""
    return mul(-1, sin(expr.arg), differential(expr.arg, family))


@register
def _sin(expr: Sin, family: Family) -> Expr:
    """d sin u = cos(u) du."""
    return mul(cos(expr.arg), differential(expr.arg, family))


@register
def _atan2(expr: Atan2, family: Family) -> Expr:
    """d atan2(u, v) = (v du - u dv) / (u^2 + v^2)."""
    turning = add(mul(expr.x, differential(expr.y, family)), mul(-1, expr.y, differential(expr.x, family)))
    return mul(turning, power(add(power(expr.y, 2), power(expr.x, 2)), -1))


@register
def _support(expr: Support, family: Family) -> Expr:
    """Refuse: at the end of the support the density jumps."""
    raise NoClosedFormError(
        f"the support of the density ends where {expr.smaller} = {expr.larger}: the maximum in {family.name} may lie "
        "there, so setting a derivative to zero is not valid"
    )


@register
def _width(expr: Width, family: Family) -> Expr:
    """The width is a difference."""
    return differential(expr.definition, family)


@register
def _absolute(expr: Absolute, family: Family) -> Expr:
    """Refuse: at the kink there is no derivative, and a maximum may lie there."""
    raise NoClosedFormError(
        f"{expr} has a kink where {expr.arg} is zero: the maximum in {family.name} need not be where a derivative "
        "vanishes, so setting it to zero is not valid"
    )


@register
def _point_mass(expr: PointMass, family: Family) -> Expr:
    """Refuse: the density jumps."""
    raise NoClosedFormError(
        f"the place {expr.point} of a point mass depends on {family.name}: the density jumps there, and has no "
        "derivative; give the place as a number"
    )
