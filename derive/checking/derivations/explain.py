"""What went wrong in a row: the mistake of the catalogue, the smallest counter-example, and hints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flint import ctx

from derive.checking.derivations.counterexample import smallest
from derive.checking.derivations.equations import families_in
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.judge import Judge, has_derivative, is_parameter
from derive.checking.derivations.objectives import constant_in
from derive.checking.derivations.outcome import CounterExample, Hint, Verdict
from derive.checking.derivations.worlds import PRECISIONS, UndecidableError, difference, parameter_names, positions
from derive.checking.mistakes.diagnose import diagnose, mend
from derive.checking.mistakes.mistake import Mistake
from derive.errors import DeriveError
from derive.language import ring
from derive.language.calculus_nodes import Named, in_full
from derive.language.entrywise import Entrywise
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr, add, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Size, exp, inverse, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename, substitute
from derive.language.ring import OutsideDomainError, UndecidedError
from derive.proof.derivation import Derivation
from derive.rendering.latex_style import latex
from derive.rendering.notation import notation as layout


@dataclass(frozen=True)
class Explained:
    """A wrong row with what is known of it."""

    mistake: Mistake | None
    example: CounterExample | None
    hint: Hint


@dataclass(frozen=True)
class Explainer:
    """Explains wrong rows. judge: with the equations that were stated; derivation: of the model."""

    judge: Judge
    derivation: Derivation

    def explain(self, finding: Finding) -> Explained:
        """Return what went wrong in a relation that does not hold."""
        if finding.sides is None or finding.verdict is not Verdict.WRONG:
            return Explained(None, None, Hint())
        left, right = finding.sides
        found = self._diagnosed(left, right, loose=finding.loose or isinstance(left, Named))
        mistake = None if found is None else found[0]
        example = self._example(left, right)
        says = "" if mistake is None else f"{mistake.says[0].upper()}{mistake.says[1:]}."
        hint = Hint(_where(right), f"{says} {mistake.why}" if mistake is not None else "", _solution(found))
        return Explained(mistake, example, hint)

    def _diagnosed(self, left: Expr, right: Expr, *, loose: bool) -> tuple[Mistake, Expr] | None:
        notation = self.judge.worlds.vocabulary.notation
        sides = [(right, left), (left, right)] if is_parameter(right) else [(right, left)]
        for student, truth in sides:
            if has_derivative(student) or isinstance(student, Named):
                continue
            same = self._same_objective if loose and right.shape.is_scalar else _Same(self.judge)
            found = diagnose(student, self._rights(student, truth), notation, same)
            if found is not None:
                return found
        if left.shape == right.shape:
            return mend(right, notation, lambda mended: self._holds(left, mended))
        return None

    def _same_objective(self, left: Expr, right: Expr) -> bool:
        """Whether two objectives differ by what no parameter stands in."""
        if _multipliers(left) != _multipliers(right):
            return False
        place = self.judge.worlds.places[0]
        try:
            return constant_in(add(left, mul(-1, right)), parameter_names(self.derivation), place, place.free)
        except (UndecidableError, DeriveError, TypeError):
            return False

    def _rights(self, student: Expr, truth: Expr) -> Iterator[Expr]:
        """Right formulas of the kind of what is written: the other side, and what the model's own derivation has."""
        if not has_derivative(truth) and truth.children and not isinstance(truth, Symbol):
            yield in_full(truth)
        if isinstance(truth, Symbol) and truth.family.role is Role.RESPONSIBILITY:
            notation = self.judge.notation
            joint = mul(notation.model.weight, exp(notation.model.density))
            yield fitting(mul(joint, inverse(sum_over(notation.k, joint))), student)
        for update in self.derivation.updates:
            if is_parameter(truth) and update.target.family in families_in(truth):
                yield substitute(truth, update.target, update.value)
        seen: set[Expr] = set()
        for step in self.derivation.steps:
            for side in (step.right, step.left):
                if has_derivative(side) or not (side.children or isinstance(side, Size)):
                    continue
                for variant in _with_multiplier(in_full(side), student):
                    fitted = fitting(variant, student)
                    if fitted not in seen and _comparable(fitted, student):
                        seen.add(fitted)
                        yield fitted

    def _holds(self, left: Expr, right: Expr) -> bool:
        if isinstance(left, Named):
            return self._same_objective(left.definition, right)
        try:
            if self.judge.same(left, right):
                return True
            return not has_derivative(left) and self.judge.equations.hold(left, right, None)
        except UndecidableError:
            return False

    def _example(self, left: Expr, right: Expr) -> CounterExample | None:
        equations = self.judge.equations
        try:
            solved = bool(equations.premises) and not has_derivative(left)
            return smallest(left, right, equations, solved=solved) or smallest(left, right, equations, solved=False)
        except DeriveError:
            return None


class _Same:
    """Whether two formulas agree: first at one place, where most do not, then everywhere."""

    def __init__(self, judge: Judge) -> None:
        """Take the judge, whose word is final."""
        self._judge = judge
        self._place = judge.worlds.places[0]

    def __call__(self, left: Expr, right: Expr) -> bool:
        """Compare exactly."""
        try:
            if not _first_entry_agrees(left, right, self._place.free):
                return False
            return all(difference(left, right, place.free) is None for place in self._judge.worlds.places)
        except UndecidableError:
            return False


def _first_entry_agrees(left: Expr, right: Expr, evaluator: Evaluator) -> bool:
    with ctx.workprec(PRECISIONS[0]):
        try:
            env = next(iter(positions(evaluator.world, left.free | right.free)))
            return bool(ring.agree(evaluator.matrix(left, env)[0][0], evaluator.matrix(right, env)[0][0]))
        except UndecidedError:
            return True
        except (OutsideDomainError, ZeroDivisionError, DeriveError, TypeError):
            return False  # a mistake that makes what has no value


def _multipliers(expr: Expr) -> set[str]:
    return {family.name for family in families_in(expr) if family.role is Role.MULTIPLIER}


def _with_multiplier(side: Expr, student: Expr) -> Iterator[Expr]:
    """A formula with the document's multiplier, of either sign, in place of the derivation's."""
    theirs = next((f for f in families_in(student) if f.role is Role.MULTIPLIER), None)
    ours = next((f for f in families_in(side) if f.role is Role.MULTIPLIER), None)
    if theirs is None or ours is None or len(theirs.indices) != len(ours.indices):
        yield side
        return
    for sign in (1, -1):
        yield substitute(side, Symbol(ours, ours.indices), mul(sign, Symbol(theirs, ours.indices)))


def fitting(side: Expr, student: Expr) -> Expr:
    """Return a formula of the derivation with the letters of what is written."""
    names: dict[Index, Index] = {}
    for index in side.free:
        other = next((free for free in student.free if free.size == index.size and free not in names.values()), None)
        if other is not None:
            names[index] = other
    return rename(side, names)


def _comparable(side: Expr, student: Expr) -> bool:
    """Whether a mistake may make one of the other: of one shape, or an inner for an outer product."""
    return side.shape == student.shape or (side.shape.is_square and student.shape.is_scalar)


def _where(right: Expr) -> str:
    del right
    return "Compare the two sides of this row."


def _solution(found: tuple[Mistake, Expr] | None) -> str:
    """The right formula as LaTeX; "" where it has no layout, as entries of vectors have none."""
    if found is None or found[1].contains(lambda part: isinstance(part, Entrywise)):
        return ""
    return latex(layout(found[1]))


def with_mistake(finding: Finding, explained: Explained) -> Finding:
    """Return a finding that says what the mistake is."""
    if explained.mistake is None:
        return finding
    return replace(finding, says=explained.mistake.says, mistake=explained.mistake.name)
