"""Edits of expressions that make a true formula false: each changes the first place that it finds."""

from collections.abc import Callable
from fractions import Fraction

from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, add, mul, power
from derive.language.family import Role, Symbol
from derive.language.functions import DiagonalPart, Inverse, Log, LogDet, Size, Sum, Trace, trace
from derive.language.index import Extent, Index
from derive.language.rewrite import rename, terms

Edit = Callable[[Expr], Expr]


def places(expr: Expr, path: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Expr]]:
    """All nodes of a tree with the path to each, the root first."""
    below = [place for i, child in enumerate(expr.children) for place in places(child, (*path, i))]
    return [(path, expr), *below]


def put(expr: Expr, path: tuple[int, ...], value: Expr) -> Expr:
    """Return the tree with another node at the path."""
    if not path:
        return value
    children = list(expr.children)
    children[path[0]] = put(children[path[0]], path[1:], value)
    return expr.rebuild(*children)


def first(test: Callable[[Expr], bool], change: Edit, nth: int = 0) -> Edit:
    """Change the nth node that passes the test."""

    def edit(expr: Expr) -> Expr:
        path, node = [place for place in places(expr) if test(place[1])][nth]
        return put(expr, path, change(node))

    return edit


def is_a(*kinds: type[Expr]) -> Callable[[Expr], bool]:
    return lambda e: isinstance(e, kinds)


def scaled(number: int | Fraction) -> Edit:
    return lambda e: mul(Fraction(number), e)


def sign_of_term(which: int = -1, nth: int = 0) -> Edit:
    def flip(node: Expr) -> Expr:
        parts = list(terms(node))
        parts[which] = mul(-1, parts[which])
        return add(*parts)

    return first(is_a(Add), flip, nth)


def term_dropped(which: int = -1, nth: int = 0) -> Edit:
    def drop(node: Expr) -> Expr:
        parts = list(terms(node))
        del parts[which]
        return add(*parts)

    return first(is_a(Add), drop, nth)


def sum_dropped(name: str, nth: int = 0) -> Edit:
    return first(lambda e: isinstance(e, Sum) and e.index.name == name, lambda e: e.children[0], nth)


def index_changed(family: str, old: str, new: str, nth: int = 0) -> Edit:
    """Another index on the nth symbol of a family."""

    def change(node: Expr) -> Expr:
        index = next(i for i in node.free if i.name == old)
        return rename(node, {index: Index(new, index.size)})

    def at(e: Expr) -> bool:
        return isinstance(e, Symbol) and e.family.name == family and any(i.name == old for i in e.indices)

    return first(at, change, nth)


def count_for_size(extent: str, nth: int = 0) -> Edit:
    """N for N_k: the size for a sum of responsibilities."""

    def counts(e: Expr) -> bool:
        return isinstance(e, Sum) and isinstance(e.body, Symbol) and e.body.family.role is Role.RESPONSIBILITY

    return first(counts, lambda e: Size(Extent(extent)), nth)


def size_changed(old: str, new: str) -> Edit:
    return first(lambda e: e == Size(Extent(old)), lambda e: Size(Extent(new)))


def outer_turned_inner(e: Expr) -> Expr:
    """d' d I for d d'."""

    def is_outer(node: Expr) -> bool:
        return isinstance(node, Word) and len(node.letters) == 2 and node.letters[0] == node.letters[1].transposed()

    def turn(node: Expr) -> Expr:
        return mul(mul(node.children[1], node.children[0]), Identity(node.shape.rows))

    return first(lambda node: is_outer(node) and not node.shape.is_scalar, turn)(e)


def inner_turned_outer(e: Expr) -> Expr:
    """Drop the identity beside an inner product, and turn that into the outer product: d d' for d'd I."""

    def has_inner(node: Expr) -> bool:
        return isinstance(node, Mul) and any(isinstance(f, Word) and f.shape.is_scalar for f in node.factors)

    def turn(node: Expr) -> Expr:
        inner = next(f for f in node.children if isinstance(f, Word) and f.shape.is_scalar)
        rest = [f for f in node.children if f is not inner]
        return mul(*rest, inner.letters[1], inner.letters[0])

    return first(has_inner, turn)(e)


inverse_lost = first(is_a(Inverse), lambda e: e.children[0])
reciprocal_lost = first(lambda e: isinstance(e, Power) and e.exponent == -1, lambda e: e.children[0])
log_lost = first(is_a(Log), lambda e: e.children[0])
determinant_lost = first(is_a(LogDet), lambda e: trace(e.children[0]))
trace_squared = first(is_a(Trace), lambda e: power(e, 2))
square_lost = first(lambda e: isinstance(e, Power) and e.exponent == 2, lambda e: e.children[0])
diagonal_lost = first(is_a(DiagonalPart), lambda e: e.children[0])
transpose_dropped = first(lambda e: isinstance(e, Transpose) and e.shape.is_square, lambda e: e.children[0])
reversed_word = first(
    lambda e: isinstance(e, Word) and all(letter.shape.is_square for letter in e.letters[:2]) and not e.shape.is_scalar,
    lambda e: mul(e.children[1], e.children[0], *e.children[2:]),
)
number_halved = first(is_a(Number), lambda e: mul(Fraction(1, 2), e))
