"""What went wrong in a row: the mistake of the catalogue, the smallest counter-example, and hints."""

from dataclasses import dataclass, replace

from flint import ctx

from derive.checking.derivations.counterexample import smallest
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.hinting import COMPARE, hinted
from derive.checking.derivations.in_place import InPlace
from derive.checking.derivations.judge import Judge, has_derivative, is_parameter, is_zero
from derive.checking.derivations.outcome import CounterExample, Hint, Verdict
from derive.checking.derivations.rights import in_steps, of_row
from derive.checking.derivations.spelling import Speller
from derive.checking.derivations.worlds import PRECISIONS, UndecidableError, difference, positions
from derive.checking.mistakes.diagnose import diagnose, mend
from derive.checking.mistakes.mistake import Mistake
from derive.errors import DeriveError
from derive.language import ring
from derive.language.calculus_nodes import Named
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr
from derive.language.ring import OutsideDomainError, UndecidedError
from derive.proof.derivation import Derivation


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
        example = self._example(left, right)
        if found is None:
            return Explained(None, example, Hint(COMPARE))
        return Explained(found[0], example, hinted(*found, Speller(self.judge.worlds.vocabulary)))

    def _diagnosed(self, left: Expr, right: Expr, *, loose: bool) -> tuple[Mistake, Expr, Expr] | None:
        """Name the mistake: first what mends the formula as it is written, then what makes it of a known right one."""
        notation = self.judge.notation
        turned = [(right, left), (left, right)] if is_parameter(right) or is_zero(right) else [(right, left)]
        sides = [InPlace(self.judge, student, truth, loose) for student, truth in turned if _is_formula(student)]
        for side in sides:
            if side.written.shape == side.truth.shape:
                found = mend(side.written, side.truth.free, notation, side.tests)
                if found is not None:
                    return found[0], side.written, found[1]
        for side in sides:
            same = side.same_objective if loose and right.shape.is_scalar else _Same(self.judge)
            of_the_row = of_row(side.written, side.truth, self.derivation, notation)
            for rights in (of_the_row, in_steps(side.written, self.derivation, notation)):
                found = diagnose(side.written, rights, notation, same)
                if found is not None:
                    return found[0], side.written, found[1]
        return None

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


def _is_formula(side: Expr) -> bool:
    """Whether a side may have a mistake in it."""
    return not (has_derivative(side) or isinstance(side, Named) or is_zero(side))


def with_mistake(finding: Finding, explained: Explained) -> Finding:
    """Return a finding that says what the mistake is."""
    if explained.mistake is None or finding.mistake:
        return finding
    return replace(finding, says=explained.mistake.says, mistake=explained.mistake.name)
