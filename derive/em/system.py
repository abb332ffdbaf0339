"""The system that Newton's method solves: the part of Q that it climbs, its slopes and its Hessian, each certified."""

from dataclasses import replace
from fractions import Fraction

from derive.calculus.differential import direction
from derive.calculus.gradient import gradient
from derive.em.ledger import Ledger
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Add, Expr, Mul, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.rewrite import mentions, rename
from derive.proof.derivation import NewtonSystem
from derive.solve.apart import taken_apart

ZERO = Number(Fraction(0))


def newton_system(ledger: Ledger, objective: Expr, root: JointRoot) -> NewtonSystem:
    """Write down what is climbed and its Hessian, and return them; raises NoClosedFormError for forms not provided for.

    Unknowns without indices of their own have a Hessian of single entries. One unknown with one further index has the
    sum of a diagonal matrix and of one that is not.
    """
    families = [unknown.family for unknown in root.unknowns]
    part = taken_apart(_part(objective, root), *families)
    for unknown, slope in zip(root.unknowns, root.slopes, strict=True):
        ledger.add(Derivative(part, unknown), slope, "differentiate", "of the part of the objective that is climbed")
    own = [tuple(index for index in unknown.indices if index not in root.fixed) for unknown in root.unknowns]
    if not any(own):
        return NewtonSystem(part, _entries(ledger, root))
    if len(own) == 1 and len(own[0]) == 1:
        return NewtonSystem(part, _diagonal_and_rest(ledger, part, root, own[0][0]))
    names = ", ".join(str(unknown) for unknown in root.unknowns)
    raise NoClosedFormError(f"Newton's method is not written for unknowns of these shapes together: {names}")


def _part(body: Expr, root: JointRoot) -> Expr:
    """The terms that hold an unknown, at fixed indices."""
    if isinstance(body, Add):
        return add(*(_part(term, root) for term in body.terms if _holds(term, root)))
    if isinstance(body, Sum):
        inner = _part(body.body, root)
        return inner if body.index in root.fixed else sum_over(body.index, inner)
    if isinstance(body, Mul):
        inside = [factor for factor in body.factors if _holds(factor, root)]
        if len(inside) == 1 and isinstance(inside[0], Add | Sum):
            return mul(*(_part(factor, root) if factor is inside[0] else factor for factor in body.factors))
    return body


def _holds(expr: Expr, root: JointRoot) -> bool:
    return any(expr.contains(mentions(unknown.family)) for unknown in root.unknowns)


def _entries(ledger: Ledger, root: JointRoot) -> tuple[Expr, ...]:
    found = []
    for i, (unknown, slope) in enumerate(zip(root.unknowns, root.slopes, strict=True)):
        for j, other in enumerate(root.unknowns):
            entry = taken_apart(gradient(slope, other), unknown.family, other.family)
            if i <= j:
                words = f"an entry of the Hessian, in {unknown.key} and {other.key}"
                ledger.add(Derivative(slope, other), entry, "hessian", words)
            found.append(entry)
    return tuple(found)


def _diagonal_and_rest(ledger: Ledger, part: Expr, root: JointRoot, index: Index) -> tuple[Expr, ...]:
    """Split the derivative of the slope of entry d in entry e: through entry d alone and through sums."""
    (unknown,), (slope,) = root.unknowns, root.slopes
    family = unknown.family
    frozen = Symbol(replace(family, name=f"{family.name}*", code=f"{family.code}_"), unknown.indices)
    split = _exchanged(slope, unknown, frozen)
    diagonal = taken_apart(_exchanged(gradient(split, frozen), frozen, unknown), family)
    other = Index("e" if index.name != "e" else "f", index.size)
    elsewhere = Symbol(family, tuple(other if i == index else i for i in unknown.indices))
    rest = taken_apart(_exchanged(gradient(split, elsewhere), frozen, unknown), family)
    moved = Symbol(direction(family), unknown.indices)
    at_other = rename(moved, {index: other})
    form: Expr = sum_over(index, mul(diagonal, moved, moved))
    form = add(form, sum_over(index, sum_over(other, mul(rest, moved, at_other))))
    for fixed in root.fixed:
        form = sum_over(fixed, form)
    whole = part
    for fixed in root.fixed:
        whole = sum_over(fixed, whole)
    words = f"the Hessian: a diagonal matrix, and one whose entries {index} and {other} go together"
    second = JointSecondDifferential(whole, (family,), (direction(family),))
    ledger.add(second, form, "hessian", words)
    return diagonal, rest


def _exchanged(expr: Expr, old: Symbol, new: Symbol) -> Expr:
    """Exchange a symbol, but not where a sum binds one of its indices."""
    if expr == old:
        return new
    if expr.bound & set(old.indices):
        return expr
    return expr.map(lambda child: _exchanged(child, old, new))
