"""One equation in one unknown without a closed form: its root is unique where its slope moves one way.

The equation stays as it is, and generated code finds the root. What is proved here is that there is one at most: the
left side, perhaps times a power of the unknown, falls all over the domain. The left side is a slope: where it rises,
its root is a minimum, which is refused.
"""

from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, Number, mul, power
from derive.language.family import Symbol
from derive.language.rewrite import pull_out
from derive.language.root_of import RootOf
from derive.proof.sign import Signed, sign
from derive.proof.step import Assumption, Located, Multiplied, Relation
from derive.solve.apart import taken_apart
from derive.solve.line import Line

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))
POWERS = (0, 1, 2, -1)  # of a positive unknown: what the equation may be multiplied by to move one way


def solve_numerically(residual: Expr, unknown: Symbol) -> list[Line]:
    """Return the lines from residual = 0 to unknown = its root; raises NoClosedFormError where no slope has a sign."""
    if not unknown.shape.is_scalar:
        raise NoClosedFormError(f"{unknown} is {unknown.shape}: only a number is looked for numerically")
    if {at for name, at in residual.members if name == unknown.family.name} - {unknown.indices}:
        raise NoClosedFormError(f"the equations of the entries of {unknown} are coupled: one root does not solve them")
    found = moving_multiple(residual, unknown)
    if found is None:
        raise NoClosedFormError(
            f"the equation for {unknown} has no closed form, and is not shown to have one root only: {residual} = 0"
        )
    candidate, factor, slope, proved = found
    if proved.sign > 0:
        raise NoClosedFormError(f"the slope in {unknown} rises where it has a sign: its root is no maximum")
    return _lines(candidate, factor, unknown, slope, proved)


def moving_multiple(residual: Expr, unknown: Symbol) -> tuple[Expr, Expr, Expr, Signed] | None:
    """Return an expression times a power of a positive unknown that moves one way, that power, its slope, and its sign.

    None where neither the expression nor such a multiple is shown to.
    """
    for exponent in POWERS if unknown.positive else POWERS[:1]:
        factor = power(unknown, exponent)
        multiplied = taken_apart(mul(factor, residual), unknown.family)
        for candidate in (multiplied, residual) if exponent == 0 else (multiplied,):
            found = slope_of(candidate, unknown)
            if found is not None:
                return candidate, factor, *found
    return None


def slope_of(residual: Expr, unknown: Symbol) -> tuple[Expr, Signed] | None:
    """Return the derivative of an equation's left side and its proved sign, if it has one."""
    slope = pull_out(gradient(residual, unknown))
    for form in (slope, taken_apart(slope, unknown.family)):
        proved = sign(form)
        if proved is not None:
            return form, proved
    return None


def _lines(residual: Expr, factor: Expr, unknown: Symbol, slope: Expr, proved: Signed) -> list[Line]:
    """The equation with a falling left side, its derivative and sign, and the root."""
    name = unknown.key
    words = "set to zero: no closed form; what no sum touches is taken out of it"
    if factor != ONE:
        words = f"set to zero; multiplied by {factor}"
    lines = [Line(residual, ZERO, Multiplied(factor), words, "equation")]
    rules = "; ".join(rule.formula for rule in rules_used(residual, unknown.family)) or "linear"
    lines.append(Line(Derivative(residual, unknown), slope, None, rules, "differentiate", Relation.EQUAL))
    if proved.manifest != slope:
        lines.append(Line(slope, proved.manifest, None, "its sign can be read off", "manifest-sign", Relation.EQUAL))
    words = f"the left side falls all over the domain of {name}: one root at most, with the maximum there"
    lines.append(Line(proved.manifest, ZERO, None, words, "falls", Relation.AT_MOST))
    root = RootOf(unknown, residual)
    needed = Assumption(root, f"that the left side changes its sign, which the code checks when it brackets {name}")
    words = "found numerically: a bracket whose ends have different signs is narrowed"
    last = Line(unknown, root, Located(1), words, "numeric-root", assumptions=(needed,), back=len(lines))
    return [*lines, last]
