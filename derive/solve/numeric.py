"""One equation in one unknown without a closed form: its root is unique where its slope moves one way.

The equation stays as it is, and generated code finds the root. What is proved here is that there is one at most: the
left side, perhaps times a power of the unknown, falls (or rises) all over the domain.
"""

from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.rewrite import collect, distribute, mentions, out_of_sums, pull_out, scaled
from derive.language.root_of import RootOf
from derive.proof.sign import Signed, sign
from derive.proof.step import Assumption, Located, Multiplied, Relation
from derive.solve.line import Line

ZERO = Number(Fraction(0))
POWERS = (0, 1, 2, -1)  # of a positive unknown: what the equation may be multiplied by to move one way


def solve_numerically(residual: Expr, unknown: Symbol) -> list[Line]:
    """Return the lines from residual = 0 to unknown = its root; raises NoClosedFormError where no slope has a sign."""
    if not unknown.shape.is_scalar:
        raise NoClosedFormError(f"{unknown} is {unknown.shape}: only a number is looked for numerically")
    for exponent in POWERS if unknown.positive else POWERS[:1]:
        factor = power(unknown, exponent)
        candidate = collect(mul(factor, residual)) if exponent == 0 else collect(_multiplied(factor, residual, unknown))
        found = slope_of(candidate, unknown)
        if found is not None:
            return _lines(candidate, factor, unknown, *found)
    raise NoClosedFormError(
        f"the equation for {unknown} has no closed form, and is not shown to have one root only: {residual} = 0"
    )


def _multiplied(factor: Expr, residual: Expr, unknown: Symbol) -> Expr:
    return sum((mul(factor, part) for part in distribute(residual, mentions(unknown.family))), ZERO)


def slope_of(residual: Expr, unknown: Symbol) -> tuple[Expr, Signed] | None:
    """Return the derivative of an equation's left side and its proved sign, if it has one."""
    slope = pull_out(gradient(residual, unknown))
    apart = add(*distribute(slope, mentions(unknown.family)))
    for form in (slope, collect(apart), collect(out_of_sums(apart))):
        proved = sign(form)
        if proved is not None:
            return form, proved
    return None


def _lines(residual: Expr, factor: Expr, unknown: Symbol, slope: Expr, proved: Signed) -> list[Line]:
    """The equation with a falling left side, its derivative and sign, and the root."""
    name = unknown.key
    turned = -proved.sign
    falling = scaled(turned, residual)
    by = mul(turned, factor)
    lines = []
    if by != Number(Fraction(1)):
        words = f"set to zero; multiplied by {by}" if factor != Number(Fraction(1)) else "set to zero; sign exchanged"
        lines.append(Line(falling, ZERO, Multiplied(by), words, "orient"))
    else:
        lines.append(Line(falling, ZERO, Multiplied(), "set to zero: no closed form", "orient"))
    rules = rules_used(residual, unknown.family)
    derivative, turned_slope = Derivative(falling, unknown), scaled(turned, slope)
    words = "; ".join(rule.formula for rule in rules) or "linear"
    lines.append(Line(derivative, turned_slope, None, words, "differentiate", Relation.EQUAL))
    manifest = scaled(turned, proved.manifest)
    if manifest != turned_slope:
        lines.append(Line(turned_slope, manifest, None, "its sign can be read off", "sum-of-squares", Relation.EQUAL))
    words = f"the left side falls all over the domain of {name}: it has one root at most, with the maximum there"
    lines.append(Line(manifest, ZERO, None, words, "falls", Relation.AT_MOST))
    root = RootOf(unknown, falling)
    needed = Assumption(root, f"that the left side changes its sign, which the code checks when it brackets {name}")
    words = "found numerically: a bracket whose ends have different signs is narrowed"
    last = Line(unknown, root, Located(1), words, "numeric-root", assumptions=(needed,), back=len(lines))
    return [*lines, last]
