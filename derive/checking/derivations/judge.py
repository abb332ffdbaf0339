"""Whether two sides of a row agree, and in which sense: as an identity, up to a constant, or at the solution only."""

from dataclasses import dataclass

from derive.checking.derivations.beside import with_those_beside
from derive.checking.derivations.derivatives import unstructured
from derive.checking.derivations.equations import Equations, families_in
from derive.checking.derivations.finding import RIGHT, Finding
from derive.checking.derivations.objectives import constant_in
from derive.checking.derivations.outcome import Remark, Verdict
from derive.checking.derivations.worlds import UndecidableError, Worlds, difference, parameter_names, positions
from derive.em.notation import Notation
from derive.errors import DeriveError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, Mul, Power, add, as_expr, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Size, diagonal_part, inverse

PROPORTIONAL = Remark(
    "propto-for-constant",
    '∝ stands here for "equal up to an additive constant"; it commonly means "up to a factor"',
)
LAYOUT = Remark("transposed-layout", "the gradient is written as a row here (numerator layout), which is harmless")
SYMMETRIC = Remark(
    "symmetric-derivative",
    "another convention for derivatives by a symmetric matrix: it leads to the same solution",
)


@dataclass(frozen=True)
class Judge:
    """Compares sides. worlds: where; equations: what has been set to zero so far."""

    worlds: Worlds
    equations: Equations

    @property
    def notation(self) -> Notation:
        """The symbols of the model's EM."""
        return self.worlds.vocabulary.notation

    def same(self, left: Expr, right: Expr) -> bool:
        """Whether two formulas are equal as they stand, or with the responsibilities of the E-step put in."""
        if left.shape != right.shape:
            return False
        return self.identical(left, right) or self._posterior(left, right)

    def identical(self, left: Expr, right: Expr) -> bool:
        """Whether two formulas of one shape are equal whatever the responsibilities are."""
        return all(difference(left, right, place.free) is None for place in self.worlds.places)

    def _posterior(self, left: Expr, right: Expr) -> bool:
        notation = self.worlds.vocabulary.notation
        involved = {notation.gamma, notation.z, notation.q}
        mentioned = families_in(left) | families_in(right)
        if not (mentioned & involved or any(family.name.endswith("_old") for family in mentioned)):
            return False
        return all(difference(left, right, place.posterior) is None for place in self.worlds.places)

    def identity(self, left: Expr, right: Expr) -> Finding | None:
        """Return a finding where left = right holds for all values of the symbols, perhaps by another convention."""
        if left.shape == right.shape and self.same(left, right):
            return RIGHT
        return self._by_convention(left, right)

    def _by_convention(self, left: Expr, right: Expr) -> Finding | None:
        """Derivatives by a symmetric matrix taken as if it had no symmetry, or only its lower triangle; layouts."""
        if not (has_derivative(left) or has_derivative(right)):
            return None
        if left.shape == right.shape.transposed != right.shape and self.same(left, right.transposed()):
            return Finding(Verdict.NOTICE, remarks=(LAYOUT,))
        if left.shape != right.shape or not left.shape.is_square:
            return None
        free = (unstructured(left), unstructured(right))
        if self.same(*free):
            return Finding(Verdict.RIGHT)
        if self.same(free[0].transposed(), free[1]):
            return Finding(Verdict.NOTICE, remarks=(LAYOUT,))
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Derivative) and self.same(_by_triangle(one), other):
                return Finding(Verdict.NOTICE, remarks=(SYMMETRIC,))
        return None

    def violated(self, low: Expr, high: Expr) -> bool:
        """Whether low <= high fails somewhere, which proves that it does not hold."""
        for place in self.worlds.places:
            for env in positions(place.world, low.free | high.free):
                try:
                    if place.free(low, env) > place.free(high, env):
                        return True
                except ArithmeticError:
                    return False
        return False

    def up_to_constant(self, left: Expr, right: Expr, variables: list[Family]) -> bool:
        """Whether the sides differ by what does not depend on one of the variables, nor on what stands beside it."""
        if left.shape != right.shape:
            return False
        gap = add(left, mul(-1, right))
        parameters = self.notation.model.parameters
        return any(self._constant(gap, with_those_beside(right, variable, parameters)) for variable in variables)

    def same_objective(self, left: Expr, right: Expr, *, partial: bool) -> bool:
        """Whether two formulas differ by what no parameter stands in.

        partial: the right one may be about some of the parameters only.
        """
        about = adjustable(right)
        if not (left.shape.is_scalar and right.shape.is_scalar and about and about <= adjustable(left)):
            return False
        if not partial and about != adjustable(left):
            return False
        if any(family.role is Role.MULTIPLIER for family in adjustable(left) - about):
            return False
        place = self.worlds.places[0]
        try:
            names = frozenset(family.name for family in about) & parameter_names(self.worlds.derivation)
            return constant_in(add(left, mul(-1, right)), names, place, place.free)
        except (UndecidableError, DeriveError, TypeError):
            return False

    def up_to_factor(self, left: Expr, right: Expr, variables: list[Family]) -> bool:
        """Whether the sides differ by a factor that does not depend on one of the variables."""
        if not (left.shape.is_scalar and right.shape.is_scalar) or right == as_expr(0):
            return False
        ratio = mul(left, inverse(right))
        return any(self._constant(ratio, frozenset((variable.name,))) for variable in variables)

    def _constant(self, expr: Expr, names: frozenset[str]) -> bool:
        try:
            return all(constant_in(expr, names, place, place.free) for place in self.worlds.places)
        except UndecidableError:
            return False

    def equation(self, left: Expr, right: Expr, unknown: Family | None) -> bool:
        """Whether left = right holds at the solution of the M-step, or wherever an equation holds that was stated."""
        if left.shape != right.shape:
            return False
        return self.equations.hold(left, right, unknown) or self.equations.from_right(left, right, unknown)


def adjustable(expr: Expr) -> frozenset[Family]:
    """Parameters and multipliers that stand in a formula."""
    return frozenset(family for family in families_in(expr) if family.role in (Role.PARAMETER, Role.MULTIPLIER))


def has_derivative(expr: Expr) -> bool:
    """Whether a derivative stands in a formula."""
    return expr.contains(lambda node: isinstance(node, Derivative))


def _by_triangle(gradient: Derivative) -> Expr:
    """The derivatives by the entries on and below the diagonal: 2 G - diag(G)."""
    free = unstructured(gradient)
    symmetric = mul(as_expr(1) / 2, add(free, free.transposed()))
    return add(mul(2, symmetric), mul(-1, diagonal_part(symmetric)))


def zero_like(expr: Expr) -> Expr:
    """Return the zero of a formula's shape."""
    return mul(0, expr)


def adjusted(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Give a bare 0 the shape of the other side."""
    zero = as_expr(0)
    if _is_zero(right):
        return left, zero if left.shape.is_scalar else zero_like(left)
    if _is_zero(left):
        return zero if right.shape.is_scalar else zero_like(right), right
    return left, right


def _is_zero(expr: Expr) -> bool:
    return expr == as_expr(0) or type(expr).__name__ == "Zero"


def is_zero(expr: Expr) -> bool:
    """Whether a side is a bare zero."""
    return _is_zero(expr)


def is_parameter(expr: Expr) -> bool:
    """Whether a side is a parameter, a multiplier or the inverse or root of one, alone."""
    if isinstance(expr, Mul) and isinstance(expr.factors[0], Power) and isinstance(expr.factors[0].base, Size):
        expr = mul(*expr.factors[1:])  # tr(Sigma) / D, the variance of a spherical covariance
    while expr.children and len(expr.children) == 1 and not isinstance(expr, Symbol | Derivative):
        expr = expr.children[0]
    return isinstance(expr, Symbol) and expr.family.role in (Role.PARAMETER, Role.MULTIPLIER)
