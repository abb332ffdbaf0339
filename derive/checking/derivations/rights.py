"""Right formulas of the kind of what is written: the other side of a row, and what the model's own derivation has."""

from collections.abc import Iterator
from contextlib import suppress

from derive.calculus.gradient import gradient
from derive.checking.derivations.equations import families_in
from derive.checking.derivations.judge import has_derivative, is_parameter
from derive.checking.mistakes.mistake import everywhere
from derive.em.notation import Notation
from derive.errors import DeriveError
from derive.language.calculus_nodes import Derivative, SecondDifferential, in_full
from derive.language.expr import Expr, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Exp, Size, exp, inverse, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename, substitute
from derive.proof.derivation import Derivation


def of_row(student: Expr, truth: Expr, derivation: Derivation, notation: Notation) -> Iterator[Expr]:
    """Right formulas that the row itself gives; truth: the other side."""
    if has_derivative(truth):
        yield from _gradients(truth)
    elif truth.children and not isinstance(truth, Symbol):
        yield in_full(truth)
    if isinstance(truth, Symbol) and truth.family.role is Role.RESPONSIBILITY:
        joint = mul(notation.model.weight, exp(notation.model.density))
        yield _fitting(mul(joint, inverse(sum_over(notation.k, joint))), student)
    for update in derivation.updates:
        if is_parameter(truth) and update.target.family in families_in(truth):
            yield substitute(truth, update.target, update.value)


def in_steps(student: Expr, derivation: Derivation, notation: Notation) -> Iterator[Expr]:
    """Right formulas of the model's derivation that are of the kind of what is written."""
    seen: set[Expr] = set()
    for step in derivation.steps:
        for side in (step.right, step.left):
            if not (side.children or isinstance(side, Size)) or _unevaluated(side):
                continue
            for variant in _with_multiplier(in_full(side), student):
                fitted = _fitting(variant, student)
                if fitted not in seen and _comparable(fitted, student):
                    seen.add(fitted)
                    yield _with_densities(fitted, notation) if student.contains(_is_density) else fitted


def _gradients(truth: Expr) -> Iterator[Expr]:
    """A side with its derivatives taken."""
    with suppress(DeriveError):
        yield everywhere(truth, _taken)


def _taken(part: Expr) -> Expr | None:
    return gradient(in_full(part.body), part.symbol) if isinstance(part, Derivative) else None


def _is_density(part: Expr) -> bool:
    return isinstance(part, Exp)


def _with_densities(side: Expr, notation: Notation) -> Expr:
    """A formula with its responsibilities written out, as in one that has densities in it."""
    joint = mul(notation.model.weight, exp(notation.model.density))
    posterior = mul(joint, inverse(sum_over(notation.k, joint)))
    return substitute(side, Symbol(notation.gamma, (notation.n, notation.k)), posterior)


def _unevaluated(side: Expr) -> bool:
    return has_derivative(side) or side.contains(lambda part: isinstance(part, SecondDifferential))


def _with_multiplier(side: Expr, student: Expr) -> Iterator[Expr]:
    """A formula with the document's multiplier, of either sign, in place of the derivation's."""
    theirs, ours = _multiplier(student), _multiplier(side)
    if theirs is None or ours is None or len(theirs.family.indices) != len(ours.family.indices):
        yield side
        return
    for sign in (1, -1):
        multiplier = Symbol(theirs.family, ours.family.indices)
        yield substitute(side, Symbol(ours.family, ours.family.indices), mul(sign, multiplier))


def _multiplier(expr: Expr) -> Symbol | None:
    families = sorted((f for f in families_in(expr) if f.role is Role.MULTIPLIER), key=lambda family: family.name)
    return Symbol(families[0], families[0].indices) if families else None


def _fitting(side: Expr, student: Expr) -> Expr:
    """Return a formula of the derivation with the letters of what is written."""
    names: dict[Index, Index] = {}
    for index in side.ordered_free:
        other = next(
            (free for free in student.ordered_free if free.size == index.size and free not in names.values()), None
        )
        if other is not None:
            names[index] = other
    return rename(side, names)


def _comparable(side: Expr, student: Expr) -> bool:
    """Whether a mistake may make one of the other: of one shape, or an inner for an outer product."""
    return side.shape == student.shape or (side.shape.is_square and student.shape.is_scalar)
