"""The M-step for one parameter: terms that matter, one k, derivative, zero, solution, maximum."""

from derive.calculus.differential import citation, rules_used
from derive.calculus.gradient import gradient, member_at
from derive.em import maximum
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.em.variable import in_inverse, inverse_family, stands_inverted, trace_trick
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative, Named
from derive.language.domain import Simplex
from derive.language.expr import Add, Expr, Mul, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.rewrite import drop_independent, mentions, pull_out
from derive.proof.derivation import UpdateEquation
from derive.proof.step import Relation, Step
from derive.solve import eliminate_multiplier, solve


def update_value(notation: Notation, family: Family) -> Expr:
    """Return the update of a parameter without writing down its derivation, to see what it depends on."""
    symbol = notation.symbol(family)
    body = drop_independent(notation.objective.definition, family)
    if isinstance(family.domain, Simplex):
        constrained = _constrained(notation, symbol, body)
        last = solve(gradient(constrained, symbol), symbol)[-1]
        return eliminate_multiplier(symbol, last.right, notation.lagrange)[-1].right
    if stands_inverted(body, family):
        body, symbol_of = in_inverse(body, family), inverse_family(family)
        return solve(gradient(body, notation.symbol(symbol_of)), symbol)[-1].right
    return solve(gradient(body, symbol), symbol)[-1].right


def maximisation_step(ledger: Ledger, notation: Notation, family: Family) -> UpdateEquation:
    """Write down the M-step for one parameter; return its update."""
    symbol, objective = notation.symbol(family), notation.objective
    body = drop_independent(objective.definition, family)
    words = f"terms without {family.name} dropped"
    ledger.add(objective, body, "drop-constants", words, relation=Relation.EQUAL_UP_TO_CONSTANT, variable=family)
    if isinstance(family.domain, Simplex):
        update = _on_the_simplex(ledger, notation, symbol, body)
    elif stands_inverted(body, family):
        update = _by_the_inverse(ledger, notation, symbol, body)
    else:
        update = _directly(ledger, notation, symbol, body)
        maximum.show_concave(ledger, objective, body, family)
    maximum.show_domain(ledger, notation, symbol, update.value)
    ledger.close(f"M-step for {symbol.key}", parameter=symbol)
    return update


def _directly(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    last = _stationary(ledger, notation, symbol, symbol, body)
    update = UpdateEquation(symbol, last.right, last.number, assumptions=last.assumptions)
    maximum.show_solution(ledger, Derivative(notation.objective, symbol), [(symbol, last.right)])
    return update


def _by_the_inverse(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Solve for the parameter by way of its inverse, in which Q is concave, then directly: the two must meet."""
    family, objective = symbol.family, notation.objective
    other = inverse_family(family)
    rewritten = in_inverse(body, family)
    words = f"written in the inverse of {family.name}" + ("; log|A^-1| = -log|A|" if not symbol.shape.is_scalar else "")
    ledger.add(body, rewritten, "change-of-variable", words)
    turned = trace_trick(rewritten, other)
    if turned != rewritten:
        words = "a scalar is its own trace, and tr(AB) = tr(BA)"
        ledger.add(rewritten, turned, "trace-trick", words, source="petersen2012: (14)")
    last = _stationary(ledger, notation, notation.symbol(other), symbol, turned)
    update = UpdateEquation(symbol, last.right, last.number, assumptions=last.assumptions)
    maximum.show_concave(ledger, objective, turned, other)
    direct = _stationary(ledger, notation, symbol, symbol, body)
    words = f"directly in {family.name}, the same update as by its inverse"
    ledger.add(direct.right, last.right, "two-ways-meet", words, premise=update.number)
    maximum.show_solution(ledger, Derivative(objective, symbol), [(symbol, last.right)])
    return update


def _stationary(ledger: Ledger, notation: Notation, variable: Symbol, unknown: Symbol, body: Expr) -> Step:
    """Differentiate in ``variable``, set to zero and solve for ``unknown``."""
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
    start = ledger.add(derivative, slope, "differentiate", words, source=citation(rules))
    return ledger.follow(solve(slope, unknown), start)


def _inside(body: Expr, variable: Symbol) -> Expr:
    """Move the derivative inside the sums and past the factors that do not depend on the variable."""
    depends = mentions(variable.family)
    if isinstance(body, Add):
        return add(*(_inside(term, variable) for term in body.terms))
    if isinstance(body, Sum):
        if member_at(body.body, variable.family, body.index) is None:
            return sum_over(body.index, _inside(body.body, variable))
        if not body.body.contains(lambda e: isinstance(e, Sum) and e.index == body.index):
            return _inside(body.body, variable)
    if isinstance(body, Mul):
        outside = [factor for factor in body.factors if not factor.contains(depends)]
        inside = [factor for factor in body.factors if factor.contains(depends)]
        if outside:
            return mul(*outside, _inside(mul(*inside), variable))
    return Derivative(body, variable)


def _constrained(notation: Notation, symbol: Symbol, body: Expr) -> Expr:
    total = sum_over(symbol.indices[-1], symbol)
    return body + notation.symbol(notation.lagrange) * (1 - total)


def _on_the_simplex(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Lagrange multiplier for the sum over the plate, which is then eliminated by summing the constraint."""
    family, multiplier = symbol.family, notation.symbol(notation.lagrange)
    definition = _constrained(notation, symbol, body)
    lagrangian = Named("L", r"\mathcal{L}", definition)
    words = f"a multiplier for the constraint that {family.name} sums to one"
    ledger.add(lagrangian, definition, "lagrangian", words)
    derivative = Derivative(lagrangian, symbol)
    slope = gradient(definition, symbol)
    start = ledger.add(
        derivative, slope, "differentiate", "; ".join(rule.formula for rule in rules_used(definition, family))
    )
    isolated = ledger.follow(solve(slope, symbol), start)
    last = ledger.follow(eliminate_multiplier(symbol, isolated.right, notation.lagrange), isolated)
    maximum.show_concave(ledger, notation.objective, body, family)
    value = next((step.right for step in reversed(ledger.steps) if step.left == multiplier), None)
    if value is None:
        raise NoClosedFormError(f"the multiplier of the constraint on {symbol} has no closed form of its own")
    maximum.show_solution(ledger, derivative, [(symbol, last.right), (multiplier, value)])
    return UpdateEquation(symbol, last.right, last.number)
