"""One equation in one unknown without a closed form: its root is unique where its slope moves one way.

The equation stays as it is, and generated code finds the root. What is proved here is that there is one at most: the
left side, perhaps times a power of the unknown, falls all over the domain. The left side is a slope: where it rises,
its root is a minimum, which is refused.
"""

from collections.abc import Iterator
from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Add, Expr, Number, Power, mul, power
from derive.language.family import Symbol
from derive.language.rewrite import mentions, pull_out
from derive.language.root_of import RootOf
from derive.language.special import SpecialFunction
from derive.proof.alike import changes_sign
from derive.proof.sign import Signed, positive, sign
from derive.proof.step import Assumption, Located, Multiplied, Relation
from derive.solve.apart import taken_apart
from derive.solve.clear import multiply_through
from derive.solve.crossing import crossing_lines
from derive.solve.line import Line

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))
POWERS = (0, 1, 2, -1)  # of a positive unknown: what the equation may be multiplied by to move one way, before sums


def solve_numerically(residual: Expr, unknown: Symbol) -> list[Line]:
    """Return the lines from residual = 0 to unknown = its root; raises NoClosedFormError where no slope has a sign."""
    if not unknown.shape.is_scalar:
        raise NoClosedFormError(f"{unknown} is {unknown.shape}: only a number is looked for numerically")
    if {at for name, at in residual.members if name == unknown.family.name} - {unknown.indices}:
        raise NoClosedFormError(f"the equations of the entries of {unknown} are coupled: one root does not solve them")
    found = moving_multiple(residual, unknown)
    if found is None:
        crossed = crossing_lines(residual, unknown)
        if crossed:
            return crossed
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
    powers = [power(unknown, exponent) for exponent in (POWERS if unknown.positive else POWERS[:1])]
    denominators = _denominators(residual, unknown)
    cleared = [mul(factor, *denominators) for factor in powers[:2]] if denominators else []
    for factor in (*powers, *cleared):
        multiplied = taken_apart(multiply_through(residual, factor), unknown.family)
        for candidate in (multiplied, residual) if factor == ONE else (multiplied,):
            found = slope_of(candidate, unknown)
            if found is not None:
                return candidate, factor, *found
    return None


def _denominators(residual: Expr, unknown: Symbol) -> list[Expr]:
    """The positive sums that hold the unknown and divide a term, at their highest power; none beside special functions.

    Where such a function stands alone, an inequality may be known that settles its sign; of a multiple there is none.
    """
    if residual.contains(lambda e: isinstance(e, SpecialFunction) and e.contains(mentions(unknown.family))):
        return []
    highest: dict[Expr, Fraction] = {}
    for part in _nodes(residual):
        if isinstance(part, Power) and part.exponent < 0 and isinstance(part.base, Add):
            below = part.base
            if below.contains(mentions(unknown.family)) and below.free <= residual.free and positive(below):
                highest[below] = max(highest.get(below, Fraction(0)), -part.exponent)
    return [power(base, exponent) for base, exponent in highest.items()]


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in expr.children:
        yield from _nodes(child)


def slope_of(residual: Expr, unknown: Symbol) -> tuple[Expr, Signed] | None:
    """Return the derivative of an equation's left side and its proved sign, if it has one."""
    slope = pull_out(gradient(residual, unknown))
    if changes_sign(slope, unknown):
        return None
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
