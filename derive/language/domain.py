"""Domains: what values a symbol may take, and with that its symmetry, sign and definiteness.

A covariance structure is a linear space of symmetric matrices: the tangent space in which the differential of such a
matrix lives. ``structure`` names that space; everything that follows from it (projection of a gradient, storage in
code, degrees of freedom) is computed from the name in one place each.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from derive.errors import ModelError
from derive.language.expr import Expr
from derive.language.index import Extent, Index
from derive.language.lowest import as_bound
from derive.language.operand import Numeric


class HasExtent(Protocol):
    """A number in a formula that stands for a size."""

    @property
    def extent(self) -> Extent:
        """The size."""


@runtime_checkable
class Bound(Protocol):
    """A family of known numbers that bounds another one."""

    @property
    def name(self) -> str:
        """The family's name."""

    @property
    def indices(self) -> tuple[Index, ...]:
        """The plates that it carries."""

    @property
    def domain(self) -> Any:  # noqa: ANN401 - a Domain, which is declared below
        """What values it may take."""


@dataclass(frozen=True)
class Domain:
    """The base of all domains: any real scalar, vector or matrix unless a subclass says more.

    structure: the linear space of a matrix: "full" (no symmetry), "symmetric", "diagonal" or "spherical".
    positive: a scalar is > 0, a matrix positive definite. nonnegative: the same with >= 0 and semidefinite.
    below_one: a scalar is < 1. at_most_one: the same with <= 1. sums_to_one: members sum to one over the last index
    that they carry. integer: only whole numbers. unit: vectors of length one.
    """

    structure: ClassVar[str] = "full"
    positive: ClassVar[bool] = False
    nonnegative: ClassVar[bool] = False
    below_one: ClassVar[bool] = False
    at_most_one: ClassVar[bool] = False
    sums_to_one: ClassVar[bool] = False
    integer: ClassVar[bool] = False
    unit: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The domain's name in documents and files."""
        return type(self).__name__

    @property
    def side(self) -> Extent | None:
        """The side of a square matrix domain, None for the others."""
        return None

    @property
    def symmetric(self) -> bool:
        """Whether a value equals its transpose."""
        return self.structure != "full"


class Real(Domain):
    """Any real number, vector or matrix."""


class Positive(Domain):
    """Positive real numbers."""

    positive = True
    nonnegative = True


class NonNegative(Domain):
    """Real numbers that are zero or more."""

    nonnegative = True


class Simplex(Domain):
    """Positive numbers that sum to one over the plate that they carry (their last index)."""

    positive = True
    nonnegative = True
    at_most_one = True
    sums_to_one = True


class Probability(Domain):
    """Real numbers between zero and one, both excluded."""

    positive = True
    nonnegative = True
    below_one = True
    at_most_one = True


class UnitInterval(Domain):
    """Real numbers from zero to one, both included."""

    nonnegative = True
    at_most_one = True


class Binary(UnitInterval):
    """Zero or one."""

    integer = True


class Count(NonNegative):
    """Whole numbers: 0, 1, 2, ..."""

    integer = True


@dataclass(frozen=True)
class CountUpTo(Count):
    """Whole numbers from zero to a known count, such as successes in t trials: ``CountUpTo(t)``."""

    bound: Bound

    def __post_init__(self) -> None:
        """Refuse a bound that may be negative."""
        _check_bound(self.name, self.bound, "nonnegative", "Count")


@dataclass(frozen=True)
class AtLeast(Positive):
    """Numbers that are not below a positive one: ``AtLeast(1)``, ``AtLeast(D + 1)``, or a known one: ``AtLeast(m)``."""

    bound: Bound | Expr

    def __init__(self, bound: "Bound | Expr | Numeric") -> None:
        """Take the bound; raises ModelError for one that may be zero or less."""
        if isinstance(bound, Bound):
            _check_bound(self.name, bound, "positive", "Positive")
            object.__setattr__(self, "bound", bound)
        else:
            object.__setattr__(self, "bound", as_bound(self.name, bound))


def _check_bound(name: str, bound: object, needed: str, declared: str) -> None:
    if not isinstance(bound, Bound):
        raise ModelError(f"{name}({bound}): give the known family that bounds it, as in {name}(t)")
    if not getattr(bound.domain, needed):
        raise ModelError(f"{name}({bound.name}): {bound.name} must be {needed}; declare it with domain={declared}")


class OneHot(Binary):
    """Zeros and a single one over the plate that they carry (their last index): which category it is."""

    sums_to_one = True


class UnitVector(Domain):
    """Vectors of length one: directions, points of the unit sphere."""

    unit = True


@dataclass(frozen=True)
class MatrixDomain(Domain):
    """A domain of square matrices of side ``size``."""

    size: Extent

    def __init__(self, size: "Extent | HasExtent") -> None:
        """Take the side as declared in a model file (Dimension) or as a bare extent."""
        object.__setattr__(self, "size", size if isinstance(size, Extent) else size.extent)

    @property
    def side(self) -> Extent:
        """The side of the matrix."""
        return self.size


class PositiveDefinite(MatrixDomain):
    """Symmetric positive definite matrices."""

    structure = "symmetric"
    positive = True
    nonnegative = True


class Diagonal(PositiveDefinite):
    """Diagonal matrices with a positive diagonal."""

    structure = "diagonal"


class Spherical(PositiveDefinite):
    """Positive multiples of the identity matrix."""

    structure = "spherical"


class SymmetricTangent(MatrixDomain):
    """Symmetric matrices: the tangent space of the positive definite ones."""

    structure = "symmetric"


class DiagonalTangent(MatrixDomain):
    """Diagonal matrices: the tangent space of those with a positive diagonal."""

    structure = "diagonal"


class SphericalTangent(MatrixDomain):
    """Multiples of the identity: the tangent space of the positive ones."""

    structure = "spherical"


TANGENT_SPACES = {"symmetric": SymmetricTangent, "diagonal": DiagonalTangent, "spherical": SphericalTangent}


def tangent_space(domain: Domain) -> Domain:
    """Return the linear space in which differentials of a member of ``domain`` live."""
    if domain.side is None or domain.structure == "full":
        return Real()
    return TANGENT_SPACES[domain.structure](domain.side)
