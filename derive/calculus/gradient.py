"""From a differential to a gradient: d L = sum_k tr(G_k' d theta_k) gives G_k, projected on the tangent space."""

from derive.calculus.differential import differential, direction
from derive.errors import NoClosedFormError
from derive.language.domain import Domain
from derive.language.expr import Add, Expr, Identity, Mul, Transpose, Word, add, mul, power
from derive.language.family import Family, Symbol
from derive.language.functions import DiagonalPart, Inverse, Size, Sum, Trace, diagonal_part, sum_over
from derive.language.index import Index
from derive.language.rewrite import collect, cycled_trace, distribute, gather_suffixes, mentions, rename


def gradient(expr: Expr, symbol: Symbol) -> Expr:
    """Return the gradient of a scalar in one member of a family (theta_k for one k): sums over k collapse."""
    family = symbol.family
    slope = _coefficient(differential(expr, family), Symbol(direction(family), symbol.indices))
    return gather_suffixes(collect(project(slope, family.domain)))


def _coefficient(linear: Expr, d: Symbol) -> Expr:
    """Return G with linear = tr(G' d) + (terms in the other members of the family), keeping the structure of sums."""
    moving = mentions(d.family)
    if not linear.contains(moving):
        return mul(0, linear) if d.shape.is_scalar else _zero(d)
    if isinstance(linear, Add):
        return add(*(_coefficient(term, d) for term in linear.terms if term.contains(moving)))
    if isinstance(linear, Sum):
        return _collapse(linear, d)
    if isinstance(linear, Symbol):
        if linear.indices != d.indices:
            raise NoClosedFormError(f"the differential mentions {linear} outside of a sum over its index")
        return mul(1, 1) if d.shape.is_scalar else linear
    if isinstance(linear, Mul):
        rest = [factor for factor in linear.factors if not factor.contains(moving)]
        inside = [factor for factor in linear.factors if factor.contains(moving)]
        if len(inside) != 1:
            raise NoClosedFormError(f"the differential is not linear in {d}: {linear}")
        return mul(*rest, _coefficient(inside[0], d))
    if isinstance(linear, Word | Trace):
        parts = distribute(linear, moving)
        if len(parts) > 1 or parts[0] != linear:
            return add(*(_coefficient(part, d) for part in parts))
        return _from_word(linear.arg if isinstance(linear, Trace) else linear, d)
    raise NoClosedFormError(f"the differential is not linear in {d}: {linear}")


def _zero(d: Symbol) -> Expr:
    return mul(0, d)


def _collapse(linear: Sum, d: Symbol) -> Expr:
    """Only the member d_k for the given k counts: the sum over that index leaves its one term."""
    index, body = linear.index, linear.body
    at = member_at(body, d.family, index)
    if at is None:
        if index in d.indices:  # another index of this name is meant: give the bound one a name of its own
            fresh = index.renamed(body.free | set(d.indices))
            index, body = fresh, rename(body, {index: fresh})
        return sum_over(index, _coefficient(body, d))
    parts = [part for part in distribute(body, mentions(d.family)) if part.contains(mentions(d.family))]
    if all(member_at(part, d.family, index) is not None for part in parts):
        return _coefficient(rename(body, {index: d.indices[at.indices.index(index)]}), d)
    return add(*(_coefficient(sum_over(index, part), d) for part in parts))


def member_at(expr: Expr, family: Family, index: Index) -> Symbol | None:
    """Return a member of the family that carries the index, where no sum inside the expression binds it."""
    if isinstance(expr, Symbol):
        return expr if expr.family == family and index in expr.indices else None
    if index in expr.bound:
        return None
    found = (member_at(child, family, index) for child in expr.children)
    return next((member for member in found if member is not None), None)


def _from_word(word: Expr, d: Symbol) -> Expr:
    """Turn tr(A d B) into G = (B A)', and the same for d'; an inner product is its own trace."""
    letters = word.letters if isinstance(word, Word) else (word,)
    places = [i for i, letter in enumerate(letters) if letter.contains(mentions(d.family))]
    if len(places) != 1:
        raise NoClosedFormError(f"the differential is not linear in {d}: {word}")
    at = places[0]
    letter, before, after = letters[at], letters[:at], letters[at + 1 :]
    around = (*after, *before)
    if letter == d:
        return mul(*around).transposed() if around else Identity(d.shape.rows)
    if letter == Transpose(d):
        return mul(*around) if around else Identity(d.shape.rows)
    raise NoClosedFormError(f"no rule reads the gradient in {d} off {word}")


def project(matrix: Expr, domain: Domain) -> Expr:
    """Project on the tangent space of the domain: symmetric part, diagonal part, or trace / D times the identity."""
    if isinstance(matrix, Add):
        return add(*(project(term, domain) for term in matrix.terms))
    if isinstance(matrix, Sum):
        return sum_over(matrix.index, project(matrix.body, domain))
    if isinstance(matrix, Mul) and not matrix.shape.is_scalar:
        return mul(*matrix.factors[:-1], project(matrix.factors[-1], domain))
    if domain.structure == "full" or matrix.shape.is_scalar or belongs(matrix, domain.structure):
        return matrix
    if domain.structure == "symmetric":
        return mul(add(matrix, matrix.transposed()), power(2, -1))
    ends = _ends(matrix, domain.structure)
    if ends:
        return mul(ends[0], project(ends[1], domain), ends[2])
    if domain.structure == "diagonal":
        return diagonal_part(matrix)
    return mul(power(Size(matrix.shape.rows), -1), cycled_trace(matrix), Identity(matrix.shape.rows))


def _ends(matrix: Expr, structure: str) -> tuple[Expr, Expr, Expr] | None:
    """Split A S B where A and B lie in the (diagonal or spherical) structure: the projection of A S B is A P(S) B."""
    if not isinstance(matrix, Word):
        return None
    first, last = 0, len(matrix.letters)
    while first < last and belongs(matrix.letters[first], structure):
        first += 1
    while last > first and belongs(matrix.letters[last - 1], structure):
        last -= 1
    if (first, last) == (0, len(matrix.letters)):
        return None
    unit = Identity(matrix.shape.rows)
    return mul(unit, *matrix.letters[:first]), mul(unit, *matrix.letters[first:last]), mul(unit, *matrix.letters[last:])


def belongs(matrix: Expr, structure: str) -> bool:
    """Whether a matrix is known to lie in the linear space of the structure."""
    if structure == "symmetric":
        return matrix.symmetric
    if isinstance(matrix, Symbol):
        held = matrix.family.domain.structure
        return held == structure or (structure == "diagonal" and held == "spherical")
    if isinstance(matrix, Identity) or (isinstance(matrix, DiagonalPart) and structure == "diagonal"):
        return True
    if isinstance(matrix, Inverse | Add | Word):
        return all(belongs(child, structure) for child in matrix.children)
    return False
