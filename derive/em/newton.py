"""Several unknowns at once: where Q is jointly concave in them, the point where all slopes vanish is its maximum.

Generated code finds it by Newton's method with the gradient and the Hessian that are derived here.
"""

from collections.abc import Callable
from fractions import Fraction

from derive.calculus.differential import differential, direction
from derive.calculus.gradient import gradient
from derive.em.ledger import Ledger
from derive.em.maximum import show_domain
from derive.em.notation import Notation
from derive.em.stationary import differentiated
from derive.em.system import newton_system
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Family, Symbol
from derive.language.index import Index
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.rewrite import collect, distribute, drop_independent, mentions, out_of_sums
from derive.proof.bounds import ends
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import Signed, sign
from derive.proof.step import Assumption, JointlyLocated, Relation, Step
from derive.solve.apart import taken_apart

ZERO = Number(Fraction(0))


def joint_slopes(notation: Notation, families: tuple[Family, ...]) -> tuple[Expr, ...]:
    """Return the slopes of the objective in each family; raises NoClosedFormError where it is not jointly concave."""
    proved = joint_second(notation.objective.definition, families)
    if proved is None or proved[1].sign > 0:
        names = ", ".join(family.signature for family in families)
        raise NoClosedFormError(f"{notation.objective.name} is not shown to be concave in {names} together")
    for family in families:
        if ends(notation.symbol(family)):
            raise NoClosedFormError(
                f"the maximum over {family.signature} may lie at the end of its domain, where no slope vanishes; "
                "with domain=Real or Positive the end is left out"
            )
    body = notation.objective.definition
    slopes = tuple(taken_apart(gradient(body, notation.symbol(family)), family) for family in families)
    for family in families:
        if any(slope.contains(_of_another_component(family, notation.k)) for slope in slopes):
            raise NoClosedFormError(
                f"the equation for one member of {family.signature} holds those of all components: the components "
                "cannot be updated one by one, and a system in all of them at once is not provided for"
            )
    return slopes


def _of_another_component(family: Family, k: Index) -> Callable[[Expr], bool]:
    carries = any(index.size == k.size for index in family.indices)
    return lambda part: carries and isinstance(part, Symbol) and part.family == family and k not in part.indices


def joint_value(notation: Notation, families: tuple[Family, ...], which: Family) -> Expr:
    """Return the update of one of several families that are solved for together."""
    unknowns = tuple(map(notation.symbol, families))
    slopes = joint_slopes(notation, families)
    if len(families) == 1 and (which.name, None) not in slopes[0].members:
        raise NoClosedFormError(f"the equation for {unknowns[0]} holds no other unknown: there is no system to solve")
    return JointRoot(notation.symbol(which), unknowns, slopes, _fixed(notation, unknowns, slopes))


def _fixed(notation: Notation, unknowns: tuple[Symbol, ...], slopes: tuple[Expr, ...]) -> tuple[Index, ...]:
    """The indices at each of which there is an equation system of its own.

    All that the unknowns share; where a slope sums over entries of an unknown, that of the components alone.
    """
    shared = [index for index in unknowns[0].indices if all(index in unknown.indices for unknown in unknowns)]
    coupled = any((unknown.family.name, None) in slope.members for unknown in unknowns for slope in slopes)
    return tuple(index for index in shared if not coupled or index == notation.k)


def joint_second(body: Expr, families: tuple[Family, ...]) -> tuple[Expr, Signed] | None:
    """Return the second differential along all families at once and its proved sign, if it has one."""
    first = add(*(differential(body, family) for family in families))
    second = add(*(differential(part, family) for part in (first,) for family in families))
    apart = collect(add(*distribute(second, lambda e: any(mentions(direction(f))(e) for f in families))))
    for form in (collect(second), apart, collect(out_of_sums(apart))):
        proved = sign(form)
        if proved is not None:
            return form, proved
    return None


def _started(ledger: Ledger, notation: Notation, unknown: Symbol) -> Step:
    """Write down the terms that hold an unknown, and their slope in it."""
    family, objective = unknown.family, notation.objective
    body = drop_independent(objective.definition, family)
    words = f"terms without {family.name} dropped"
    ledger.add(objective, body, "drop-constants", words, relation=Relation.EQUAL_UP_TO_CONSTANT, variable=family)
    start = differentiated(ledger, notation, unknown, unknown, body)
    apart = taken_apart(start.right, family)
    if apart == start.right:
        return start
    return ledger.add(start.left, apart, "take-apart", "the sums taken apart")


def joint_step(ledger: Ledger, notation: Notation, families: tuple[Family, ...]) -> list[UpdateEquation]:
    """Write down the M-step for several families at once; return their updates."""
    objective, unknowns = notation.objective, tuple(map(notation.symbol, families))
    starts = [_started(ledger, notation, unknown) for unknown in unknowns]
    proved = joint_second(objective.definition, families)
    if proved is None:
        raise NoClosedFormError(f"{objective.name} is not shown to be jointly concave")
    form, signed = proved
    directions = tuple(map(direction, families))
    words = f"along {' and '.join(str(unknown) for unknown in unknowns)} together"
    ledger.add(JointSecondDifferential(objective, families, directions), form, "second-differential", words)
    if signed.manifest != form:
        ledger.add(form, signed.manifest, "sum-of-squares", "its sign can be read off")
    words = "jointly concave: the point where all slopes vanish is the global maximum"
    concave = ledger.add(signed.manifest, ZERO, "concave", words, relation=Relation.AT_MOST)
    slopes = tuple(start.right for start in starts)
    move = JointlyLocated(tuple(start.number for start in starts), concave.number)
    values = {unknown: JointRoot(unknown, unknowns, slopes, _fixed(notation, unknowns, slopes)) for unknown in unknowns}
    system = newton_system(ledger, objective.definition, values[unknowns[0]])
    updates: list[UpdateEquation] = []
    for unknown, start in zip(unknowns, starts, strict=True):
        value = values[unknown]
        needed = Assumption(value, "that Q has a maximum, which the code checks as it looks for it")
        words = "found by Newton's method, with these slopes and the Hessian that follows from them"
        last = ledger.add(
            unknown,
            value,
            "newton",
            words,
            relation=Relation.EQUIVALENT,
            premise=start.number,
            move=move,
            assumptions=(needed,),
        )
        updates.append(UpdateEquation(unknown, value, last.number, (), (needed,), "newton", "jointly concave", system))
    for unknown in unknowns:
        at: Expr = Derivative(objective, unknown)
        for other in unknowns:
            at = At(at, other, values[other])
        ledger.add(at, mul(0, at), "solution", "put back: the gradient vanishes")
    for update in updates:
        show_domain(ledger, notation, update.target, update.value)
    names = " and ".join(unknown.key for unknown in unknowns)
    ledger.close(f"M-step for {names}", parameter=unknowns[0], others=unknowns[1:])
    return updates
