"""Where the objective is stationary in one parameter: one k, derivative, zero, solution."""

from derive.calculus.differential import citation, rules_used
from derive.calculus.gradient import gradient, member_at
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Add, Expr, Mul, add, mul
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.rewrite import mentions, pull_out
from derive.language.root_of import RootOf
from derive.proof.sign import positive
from derive.proof.step import Multiplied, Step
from derive.solve import Line, solve


def stationary(ledger: Ledger, notation: Notation, variable: Symbol, unknown: Symbol, body: Expr) -> Step:
    """Differentiate in ``variable``, set to zero and solve for ``unknown``; return the step with its value."""
    start = differentiated(ledger, notation, variable, unknown, body)
    lines = solve(start.right, unknown)
    require_orientation(lines, unknown)
    return ledger.follow(lines, start)


def require_orientation(lines: list[Line], unknown: Symbol) -> None:
    """Refuse a root whose equation is not the slope times a positive factor: it might fall where the slope rises."""
    if not isinstance(lines[-1].right, RootOf):
        return
    taken = [line.move.left for line in lines if isinstance(line.move, Multiplied) and line.move.left is not None]
    if not all(map(positive, taken)):
        raise NoClosedFormError(f"the equation for {unknown} was multiplied by what is not shown to be positive")


def differentiated(ledger: Ledger, notation: Notation, variable: Symbol, unknown: Symbol, body: Expr) -> Step:
    """Write down the derivative of the objective in ``variable``; return its step."""
    derivative = Derivative(notation.objective, variable)
    inside = _inside(body, variable)
    words = f"every term depends on {variable.key}: the sums stay"
    if variable.indices:
        names = " and ".join(index.name for index in variable.indices)
        sums = f"the sum over {names}" if len(variable.indices) == 1 else f"the sums over {names}"
        words = f"in {sums} only one term depends on {unknown.key}"
    ledger.add(derivative, inside, "collapse-sum", words)
    slope = pull_out(gradient(body, variable))
    rules = rules_used(body, variable.family)
    words = "; ".join(rule.formula for rule in rules) or "linear"
    structure = {"diagonal": "; dA is diagonal", "spherical": "; dA is a multiple of I"}
    words += structure.get(variable.family.domain.structure, "")
    return ledger.add(derivative, slope, "differentiate", words, source=citation(rules))


def _leaves_one_term(total: Sum, variable: Symbol) -> bool:
    """Whether only one term depends on the variable: all members of its family inside carry the index of the sum."""

    def elsewhere(part: Expr) -> bool:
        bound_again = isinstance(part, Sum) and part.index == total.index
        return bound_again or (
            isinstance(part, Symbol) and part.family == variable.family and total.index not in part.indices
        )

    return not total.body.contains(elsewhere)


def _inside(body: Expr, variable: Symbol) -> Expr:
    """Move the derivative inside the sums and past the factors that do not depend on the variable."""
    depends = mentions(variable.family)
    if isinstance(body, Sum):
        if member_at(body.body, variable.family, body.index) is None:
            return sum_over(body.index, _inside(body.body, variable))
        if _leaves_one_term(body, variable):
            return _inside(body.body, variable)
        return Derivative(body, variable)
    if isinstance(body, Add):
        return add(*(_inside(term, variable) for term in body.terms))
    if isinstance(body, Mul):
        outside = [factor for factor in body.factors if not factor.contains(depends)]
        inside = [factor for factor in body.factors if factor.contains(depends)]
        if outside:
            return mul(*outside, _inside(mul(*inside), variable))
    return Derivative(body, variable)
