"""Families of symbols: the data x_n, parameters such as mu_k, known constants, and what a derivation adds to them."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from keyword import iskeyword

from derive.errors import ModelError
from derive.language.declarations import note
from derive.language.domain import AtLeast, CountUpTo, Domain, MatrixDomain, Real
from derive.language.expr import Expr
from derive.language.functions import Size
from derive.language.index import ONE, SCALAR, Index, Shape
from derive.language.operand import Numeric, Operand
from derive.language.tree import Members, node


class Role(StrEnum):
    """What a family is to the model."""

    DATA = "data"
    PARAMETER = "parameter"
    KNOWN = "known"
    LATENT = "latent"
    RESPONSIBILITY = "responsibility"
    MULTIPLIER = "multiplier"
    DIFFERENTIAL = "differential"
    STATISTIC = "statistic"
    MOMENT = "moment"


@dataclass(frozen=True)
class Binding:
    """A member of one component that is not free: scale * (the member of component ``lead``) + offset.

    number, lead: components, counted from 1; lead is 0 where the member is ``offset`` alone. A member that others
    follow is bound to itself.
    """

    number: int
    lead: int
    scale: Fraction
    offset: Expr


@dataclass(frozen=True)
class Family(Operand[Expr]):
    """A named symbol that carries plate indices: ``mu[k]``. Without indices it stands in a formula by itself.

    name: as in a formula; latex: how documents write it; code: how generated code calls it; inverse_of: the family
    whose members are the inverses of this one's (Lambda_k = Sigma_k^-1), for a change of variable; differential_of: the
    family whose differentials these are; bindings: members of single components that are fixed or tied; definition:
    what a member stands for, written for the family's indices, where it is defined by other symbols (a statistic):
    rewriting leaves it in one piece, evaluation looks inside.
    """

    name: str
    role: Role
    indices: tuple[Index, ...] = ()
    shape: Shape = SCALAR
    domain: Domain = field(default_factory=Real)
    latex: str = ""
    code: str = ""
    inverse_of: "Family | None" = None
    differential_of: "Family | None" = None
    bindings: tuple[Binding, ...] = ()
    definition: Expr | None = None

    @property
    def key(self) -> str:
        """Names the family within a derivation, where names are unique."""
        return self.name

    def __getitem__(self, indices: Index | tuple[Index, ...]) -> Expr:
        """Return the member at the given plate indices."""
        given = indices if isinstance(indices, tuple) else (indices,)
        if not all(isinstance(index, Index) for index in given):
            raise ModelError(f"{self.name}[{indices}]: index it by plate indices made with Index, not by {indices!r}")
        if len(given) != len(self.indices) or any(g.size != i.size for g, i in zip(given, self.indices, strict=True)):
            raise ModelError(
                f"{self.name}[{', '.join(index.name for index in given)}]: it is declared as {self.signature}"
            )
        return Symbol(self, given)

    @property
    def signature(self) -> str:
        """The family with its indices, such as ``mu[k]``."""
        return self.name + (f"[{', '.join(index.name for index in self.indices)}]" if self.indices else "")

    @property
    def symbol(self) -> Expr:
        """The member at the indices with which the family was declared."""
        return Symbol(self, self.indices)

    def _alone(self) -> Expr:
        if self.indices:
            raise ModelError(f"{self.name} stands in the formula without its index: write {self.signature}")
        return self.symbol

    def plus(self, other: Operand[Expr] | Numeric) -> Expr:
        return self._alone().plus(other)

    def times(self, other: Operand[Expr] | Numeric, *, other_first: bool = False) -> Expr:
        return self._alone().times(other, other_first=other_first)

    def to_the(self, exponent: Numeric) -> Expr:
        return self._alone().to_the(exponent)

    def transposed(self) -> Expr:
        return self._alone().transposed()

    def __str__(self) -> str:
        return self.signature


@node
class Symbol(Expr):
    """A member of a family at plate indices, such as mu_k."""

    family: Family
    indices: tuple[Index, ...]

    @property
    def shape(self) -> Shape:
        return self.family.shape

    @property
    def symmetric(self) -> bool:
        return self.family.domain.symmetric or self.shape.is_scalar

    @property
    def members(self) -> Members:
        family, base = self.family, self.family.inverse_of
        own = {(family.name, self.indices)}
        if family.definition is not None:
            at = dict(zip(family.indices, self.indices, strict=True))
            inside = family.definition.members
            return frozenset(own) | {(n, i and tuple(at.get(index, index) for index in i)) for n, i in inside}
        return frozenset(own if base is None else own | {(base.name, self.indices)})

    @property
    def mentioned(self) -> frozenset[object]:
        return frozenset((self.family,))

    @property
    def positive(self) -> bool:
        return self.family.domain.positive

    @property
    def free(self) -> frozenset[Index]:
        return frozenset(self.indices)

    @property
    def key(self) -> str:
        names = ", ".join(index.name for index in self.indices)
        return self.family.name + (f"[{names}]" if names else "")


def _declare(  # noqa: C901, PLR0912 - one check after the other
    role: Role,
    name: str,
    indices: tuple[Index, ...],
    *,
    shape: Size | tuple[Size, ...] | None,
    domain: Domain | type[Domain],
    code: str | None,
    latex: str | None,
) -> Family:
    if not isinstance(name, str) or not name.isidentifier():
        raise ModelError(f"{name!r} cannot name a symbol: use letters, digits and underscores, as in 'mu' or 'sigma2'")
    for index in indices:
        if not isinstance(index, Index):
            raise ModelError(f"{name}: {index!r} is not a plate index; make one with Index('k', 'K')")
    if isinstance(domain, type):
        if not issubclass(domain, Domain):
            raise ModelError(
                f"{name}: {domain!r} is not a domain; use Real, Positive, Simplex, PositiveDefinite(D), ..."
            )
        if issubclass(domain, MatrixDomain):
            raise ModelError(f"{name}: the domain {domain.__name__} needs a dimension, as in {domain.__name__}(D)")
        domain = domain()
    if not isinstance(domain, Domain):
        raise ModelError(f"{name}: {domain!r} is not a domain; use Real, Positive, Simplex, PositiveDefinite(D), ...")
    given = () if shape is None else shape if isinstance(shape, tuple) else (shape,)
    if len(given) > 2 or not all(isinstance(side, Size) for side in given):
        raise ModelError(f"{name}: shape={shape!r} is not a Dimension or a pair of them; make one with Dimension('D')")
    sides = tuple(side.extent for side in given)
    if domain.side is not None:
        sides = sides or (domain.side, domain.side)
    if domain.side is not None and sides != (domain.side, domain.side):
        raise ModelError(f"{name}: shape {' x '.join(map(str, sides))} does not fit the domain's side {domain.side}")
    if domain.sums_to_one and not indices:
        raise ModelError(f"{name}: the domain {domain.name} needs the index over which the values sum to one")
    if isinstance(domain, AtLeast | CountUpTo) and not isinstance(domain.bound, Expr):
        _check_bound(name, indices, domain.bound)
    if domain.side is None and domain.nonnegative and sides:
        raise ModelError(
            f"{name}: the domain {domain.name} is for scalars, but the shape is {' x '.join(map(str, sides))}; a "
            "number for each coordinate carries their index: d = Index('d', 'D'), without shape="
        )
    if domain.unit and len(sides) != 1:
        raise ModelError(f"{name}: the domain {domain.name} is for vectors; give their length, as in shape=D")
    code = code or name
    if not code.isidentifier() or code.startswith("_") or iskeyword(code):
        raise ModelError(f"{name}: code={code!r} is not a name that generated code can use; give another, code='...'")
    rows, cols = (*sides, ONE, ONE)[:2]
    declared = Family(name, role, indices, Shape(rows, cols), domain, latex or "", code)
    note(declared)
    return declared


def _check_bound(name: str, indices: tuple[Index, ...], bound: object) -> None:
    if not isinstance(bound, Family) or bound.role is not Role.KNOWN or not bound.shape.is_scalar:
        raise ModelError(f"{name}: its bound {bound} must be a Known scalar, such as Known('t', n)")
    loose = [index.name for index in bound.indices if index not in indices]
    if loose:
        raise ModelError(f"{name}: its bound {bound} carries the index {loose[0]}, which {name} does not")


def Data(
    name: str,
    *indices: Index,
    shape: Size | tuple[Size, ...] | None = None,
    domain: Domain | type[Domain] = Real,
    latex: str | None = None,
) -> Family:
    """Declare what is observed: ``Data("x", n, shape=D)``, a vector of length D for each n; a scalar without shape."""
    return _declare(Role.DATA, name, indices, shape=shape, domain=domain, code="X", latex=latex)


def Parameter(
    name: str,
    *indices: Index,
    shape: Size | tuple[Size, ...] | None = None,
    domain: Domain | type[Domain] = Real,
    code: str | None = None,
    latex: str | None = None,
) -> Family:
    """Declare what is estimated: ``Parameter("mu", k, shape=D, code="means")``; without an index, shared by all k."""
    return _declare(Role.PARAMETER, name, indices, shape=shape, domain=domain, code=code, latex=latex)


def Known(
    name: str,
    *indices: Index,
    shape: Size | tuple[Size, ...] | None = None,
    domain: Domain | type[Domain] = Real,
    code: str | None = None,
    latex: str | None = None,
) -> Family:
    """Declare a constant that is known, such as a design matrix: generated functions take it as a keyword argument."""
    return _declare(Role.KNOWN, name, indices, shape=shape, domain=domain, code=code, latex=latex)


def Latent(name: str, *, domain: Domain | type[Domain] = Real, latex: str | None = None) -> Family:
    """Declare a number that nobody observes, one for each sample: ``Latent("u", domain=Positive)``."""
    return _declare(Role.LATENT, name, (), shape=None, domain=domain, code=None, latex=latex)
