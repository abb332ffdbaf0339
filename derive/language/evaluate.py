"""Exact evaluation of an expression in a random world, from the definition of every node."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import product
from typing import Any

from flint import arb, ctx, fmpq

from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.atom import PointMass
from derive.language.beyond import Beyond
from derive.language.calculus_nodes import (
    At,
    Derivative,
    Expectation,
    Factor,
    FrobeniusNorm,
    Margin,
    Named,
    SecondDifferential,
)
from derive.language.domain import Domain
from derive.language.entrywise import Entrywise
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, Zero
from derive.language.family import Family, Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace
from derive.language.index import Index
from derive.language.indicator import Support
from derive.language.integral import LogIntegral, PosteriorMean
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.locate import locate_root
from derive.language.locate_joint import locate_joint_root
from derive.language.numbered import Cases, Ordinal
from derive.language.quadrature import log_integral, posterior_mean
from derive.language.reduced import reduced
from derive.language.reductions import Reduction
from derive.language.ring import Jet, Matrix, Scalar
from derive.language.ring_special import exceeds, required_positive
from derive.language.root_of import RootOf
from derive.language.special import SpecialFunction
from derive.language.special_values import special_value
from derive.language.symbolic_power import SymbolicPower
from derive.language.width import Width
from derive.language.world import Value, World, tangent_basis

Env = dict[Index, int]
Position = tuple[int, ...]


@dataclass
class Evaluator:
    """Evaluates in a world; ``changed`` overrides members of families (to vary them, or to substitute a solution)."""

    world: World
    changed: dict[tuple[str, Position], Value] = field(default_factory=dict)
    parent: "Evaluator | None" = None
    _memo: dict[tuple[str, tuple[int, ...]], Value] = field(default_factory=dict)
    _joint: dict[Any, dict[tuple[str, Position], Value]] = field(default_factory=dict)

    def __call__(self, expr: Expr, env: Env) -> Value:
        """Return the value: a scalar where the shape is one, rows of scalars otherwise."""
        if self.parent is not None and not self._touched(expr, env):
            return self.parent(expr, env)
        at = (expr.key, tuple(env[index] for index in expr.ordered_free))
        if at not in self._memo:
            self._memo[at] = self._value(expr, env)
        return self._memo[at]

    def _touched(self, expr: Expr, env: Env) -> bool:
        """Whether an overridden member may enter the value: if not, the value is known from before."""
        for name, indices in expr.members:
            if name not in self._names:
                continue
            if indices is None or (name, tuple(env[index] for index in indices)) in self.changed:
                return True
        return False

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.changed)

    def matrix(self, expr: Expr, env: Env) -> Matrix:
        """Return the value as rows, a scalar as 1 x 1."""
        value = self(expr, env)
        return ((value,),) if expr.shape.is_scalar else value

    def with_changes(self, changes: dict[tuple[str, Position], Value]) -> "Evaluator":
        """Return an evaluator in the same world with more members overridden."""
        return Evaluator(self.world, self.changed | changes, self)

    def _value(self, expr: Expr, env: Env) -> Value:  # noqa: C901, PLR0912 - one case a node
        match expr:
            case Number(value):
                return ring.rational(value)
            case Constant("pi"):
                return arb.pi()
            case Size(extent):
                return fmpq(self.world.size(extent))
            case Symbol(family, indices):
                return self._member(family, tuple(env[index] for index in indices))
            case Zero(rows, cols):
                return ((fmpq(0),) * self.world.size(cols),) * self.world.size(rows)
            case Identity(size):
                return ring.identity(self.world.size(size))
            case Add(terms):
                return self._scalar_or_rows(reduce(ring.add, (self.matrix(term, env) for term in terms)), expr)
            case Mul(factors):
                scalars = factors if expr.shape.is_scalar else factors[:-1]
                factor = reduce(lambda a, b: a * b, (self(f, env) for f in scalars))
                return factor if expr.shape.is_scalar else ring.scale(factor, self(factors[-1], env))
            case Word(letters):
                return self._scalar_or_rows(reduce(ring.matmul, (self(letter, env) for letter in letters)), expr)
            case Power(base, exponent):
                return ring.power(self(base, env), exponent)
            case Transpose(arg):
                return ring.transpose(self(arg, env))
            case Inverse(arg):
                return ring.eliminate(self(arg, env))[0]
            case LogDet(arg):
                return ring.log(ring.eliminate(self(arg, env))[1])
            case Log(arg):
                return ring.log(self(arg, env))
            case Exp(arg):
                return ring.exp(self(arg, env))
            case Support(smaller, larger):
                return self.world.penalty if exceeds(self(smaller, env), self(larger, env)) else fmpq(0)
            case PointMass(value, point):
                apart = exceeds(self(value, env), self(point, env)) or exceeds(self(point, env), self(value, env))
                return self.world.penalty if apart else fmpq(0)
            case Reduction(index=index):
                sizes = range(self.world.size(index.size))
                return reduced(expr, [tuple(self(c, env | {index: i}) for c in expr.children) for i in sizes])
            case SpecialFunction() | SymbolicPower():
                return special_value(expr, tuple(self(child, env) for child in expr.children))
            case Entrywise():
                parts = [self.matrix(child, env) for child in expr.children]
                return self._scalar_or_rows(expr.value_of(parts, env), expr)
            case Trace(arg):
                return sum((row[i] for i, row in enumerate(self(arg, env))), fmpq(0))
            case DiagonalPart(arg):
                rows = self(arg, env)
                return tuple(tuple(e if i == j else fmpq(0) for j, e in enumerate(row)) for i, row in enumerate(rows))
            case Sum(index, body):
                values = (self.matrix(body, env | {index: i}) for i in range(self.world.size(index.size)))
                return self._scalar_or_rows(reduce(ring.add, values), expr)
            case Ordinal(index):
                return fmpq(env[index] + 1)
            case Cases(index):
                return self(expr.at(env[index] + 1), env)
            case Beyond(index):
                return self(expr.at(env[index], self.world.size(index.size.base)), env)
            case Named(_, _, definition):
                return self(definition, env)
            case Derivative(body, symbol):
                return self._gradient(body, symbol, expr.varied, env)
            case At(body, symbol, value):
                return self._substituted(symbol, value, env)(body, env)
            case SecondDifferential(body, family, direction):
                return self._second(body, ((family, direction),), env)
            case Expectation(body, latent, probabilities):
                return self._expectation(body, latent, probabilities, env)
            case Factor(arg):
                return self._factor(arg, env)
            case Width():
                return required_positive(self(expr.definition, env))
            case Margin():
                return self(expr.definition, env)
            case JointSecondDifferential(body, families, directions):
                return self._second(body, tuple(zip(families, directions, strict=True)), env)
            case JointRoot(unknown):
                return self._joint_root(expr, unknown, env)
            case RootOf(unknown, slope):
                return self._root(unknown, slope, env)
            case LogIntegral(body, over):
                return log_integral(body, over, lambda part: self(part, env))
            case PosteriorMean(value, body, over):
                return posterior_mean(value, body, over, lambda part: self(part, env))
            case FrobeniusNorm(arg):
                return sum((entry * entry for row in self.matrix(arg, env) for entry in row), fmpq(0))
        raise StepRefusedError(f"no exact value is defined for {type(expr).__name__}")

    @staticmethod
    def _scalar_or_rows(rows: Matrix, expr: Expr) -> Value:
        return rows[0][0] if expr.shape.is_scalar else rows

    def _member(self, family: Family, position: Position) -> Value:
        changed = self.changed.get((family.name, position))
        if changed is not None:
            return changed
        if family.definition is not None:
            return self(family.definition, dict(zip(family.indices, position, strict=True)))
        if family.inverse_of is None:
            return self.world.value(family, position)
        value = self._member(family.inverse_of, position)
        return 1 / value if family.shape.is_scalar else ring.eliminate(value)[0]

    def _moved(self, family: Family, position: Position, direction: Value) -> dict[tuple[str, Position], Value]:
        """Override a member by member + t * direction, as jets; its inverse family moves along."""
        value, scalar = self._member(family, position), family.shape.is_scalar
        start, step = (((value,),), ((direction,),)) if scalar else (value, direction)
        jets = tuple(
            tuple(Jet(a, b, ring.ZERO) for a, b in zip(r, s, strict=True)) for r, s in zip(start, step, strict=True)
        )
        moved = {(family.name, position): jets[0][0] if scalar else jets}
        if family.inverse_of is not None:
            back = (1 / jets[0][0]) if scalar else ring.eliminate(jets)[0]
            moved[family.inverse_of.name, position] = back
        return moved

    def _substituted(self, symbol: Symbol, value: Expr, env: Env) -> "Evaluator":
        changes: dict[tuple[str, Position], Value] = {}
        for position in self.world.positions(symbol.family):
            changes[symbol.family.name, position] = self(value, env | dict(zip(symbol.indices, position, strict=True)))
        return self.with_changes(changes)

    def _gradient(self, body: Expr, symbol: Symbol, varied: Domain, env: Env) -> Value:
        family, position = symbol.family, tuple(env[index] for index in symbol.indices)
        rows, cols = self.world.size(symbol.shape.rows), self.world.size(symbol.shape.cols)
        total: Matrix = ((fmpq(0),) * cols,) * rows
        for basis in tangent_basis(varied, rows, cols):
            moved = self._moved(family, position, basis[0][0] if family.shape.is_scalar else basis)
            slope = Jet.of(self.with_changes(moved)(body, env)).b
            squared = sum((entry * entry for row in basis for entry in row), fmpq(0))
            total = ring.add(total, ring.scale(slope / squared, basis))
        return total[0][0] if symbol.shape.is_scalar else total

    def _second(self, body: Expr, moving: tuple[tuple[Family, Family], ...], env: Env) -> Scalar:
        changes: dict[tuple[str, Position], Value] = {}
        for family, direction in moving:
            for position in self.world.positions(family):
                changes |= self._moved(family, position, self._member(direction, position))
        return 2 * Jet.of(self.with_changes(changes)(body, env)).c

    def _joint_root(self, root: JointRoot, unknown: Symbol, env: Env) -> Scalar:
        """All entries of the unknowns at their common indices, and of these the one that is asked for."""
        entries = [
            (symbol, slope, env | dict(zip(symbol.indices, position, strict=True)), position)
            for symbol, slope in zip(root.unknowns, root.slopes, strict=True)
            for position in self.world.positions(symbol.family)
            if all(env[i] == at for i, at in zip(symbol.indices, position, strict=True) if i in root.fixed)
        ]
        names = [(symbol.family.name, position) for symbol, _, _, position in entries]

        def slopes(values: Sequence[Scalar]) -> list[Scalar]:
            moved = self.with_changes(dict(zip(names, values, strict=True)))
            return [moved(slope, at) for _, slope, at, _ in entries]

        key, families = (str(names), str(root.slopes)), frozenset().union(*(slope.mentioned for slope in root.slopes))
        if key not in self._joint:
            positive = [symbol.positive for symbol, _, _, _ in entries]
            found = _remembered(
                None if self.changed else (*key, families, ctx.prec, self.world.identity),
                lambda: locate_joint_root(slopes, positive),
            )
            self._joint[key] = dict(zip(names, found, strict=True))
        return self._joint[key][unknown.family.name, tuple(env[index] for index in unknown.indices)]

    def _root(self, unknown: Symbol, slope: Expr, env: Env) -> Scalar:
        at = (unknown.family.name, tuple(env[index] for index in unknown.indices))
        (found,) = _remembered(
            None if self.changed else (str(at), slope, slope.mentioned, ctx.prec, self.world.identity),
            lambda: [locate_root(lambda value: self.with_changes({at: value})(slope, env), unknown.family.domain)],
        )
        return found

    def _expectation(self, body: Expr, latent: Family, probabilities: Family, env: Env) -> Scalar:
        samples, components = (self.world.size(index.size) for index in latent.indices)
        total: Scalar = fmpq(0)
        onehot: dict[tuple[str, Position], Value]
        for labels in product(range(components), repeat=samples):
            onehot = {
                (latent.name, (n, k)): fmpq(int(labels[n] == k)) for n in range(samples) for k in range(components)
            }
            weight = reduce(lambda a, b: a * b, (self._member(probabilities, (n, k)) for n, k in enumerate(labels)))
            total = total + weight * self.with_changes(onehot)(body, env)
        return total

    def _factor(self, arg: Expr, env: Env) -> Matrix:
        if isinstance(arg, Inverse):  # C = L'^-1 for arg = (L L')^-1: rational where L is
            return ring.transpose(ring.eliminate(ring.cholesky(self(arg.arg, env)))[0])
        return ring.cholesky(self(arg, env))


_FOUND: dict[Any, list[Scalar]] = {}
_KEPT = 256


def _remembered(key: object, locate: Callable[[], list[Scalar]]) -> list[Scalar]:
    """Roots that were located before in the same world: the steps of a derivation ask for the same ones."""
    if key is None:
        return locate()
    if key not in _FOUND:
        if len(_FOUND) >= _KEPT:
            _FOUND.clear()
        _FOUND[key] = locate()
    return _FOUND[key]
