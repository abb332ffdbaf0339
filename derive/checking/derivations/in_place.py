"""Whether a formula would be right in place of the wrong side of a row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from derive.checking.derivations.equations import families_in
from derive.checking.derivations.judge import Judge, adjustable, has_derivative, is_parameter
from derive.checking.derivations.posteriors import with_symbols
from derive.checking.derivations.worlds import UndecidableError
from derive.language.calculus_nodes import Named, in_full
from derive.language.expr import Expr


@dataclass(frozen=True)
class InPlace:
    """Tests of what might stand in a row. written: what does. truth: its other side. loose: constants do not matter."""

    judge: Judge
    written: Expr
    truth: Expr
    loose: bool

    @property
    def tests(self) -> Iterator[Callable[[Expr], bool]]:
        """Whether it would be right as an identity; else, where that may be meant, at the solution of the M-step."""
        if isinstance(self.truth, Named):
            yield self._objective
            return
        yield self._objective if self.loose and self.truth.shape.is_scalar else self._identity
        if not has_derivative(self.truth):
            yield self._solution

    def _objective(self, formula: Expr) -> bool:
        if not adjustable(self.written) <= adjustable(formula):  # it is not mended by leaving out more
            return False
        return self.judge.same_objective(in_full(self.truth), formula, partial=self.partial)

    @cached_property
    def partial(self) -> bool:
        """Whether an objective may be about some parameters only: not where what is wrong is that one is left out."""
        return not self.judge.same_objective(in_full(self.truth), self.written, partial=True)

    def same_objective(self, left: Expr, right: Expr) -> bool:
        """Whether two objectives are the same for the parameters of the right one."""
        return self.judge.same_objective(left, right, partial=self.partial)

    def _identity(self, formula: Expr) -> bool:
        try:
            trivial = self.truth.shape.is_scalar and self._circular(formula)
            return not trivial and formula != self.truth and self.judge.same(self.truth, formula)
        except UndecidableError:
            return False

    def _solution(self, formula: Expr) -> bool:
        try:
            replaced = with_symbols(formula, self.judge.worlds)
            return not self._circular(formula) and self.judge.equations.hold(self.truth, replaced, None)
        except UndecidableError:
            return False

    def _circular(self, formula: Expr) -> bool:
        """Whether a parameter would be given by itself."""
        return is_parameter(self.truth) and bool(families_in(self.truth) & families_in(formula))
