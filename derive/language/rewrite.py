"""Rewriting that keeps the value: renaming indices, substitution, distribution where a symbol occurs, like terms."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from derive.language.beyond import Beyond
from derive.language.entrywise import Entry
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import DiagonalPart, Sum, Trace, diagonal_part, sum_over, trace, transpose
from derive.language.index import Index
from derive.language.numbered import Cases, Ordinal, cases
from derive.language.reductions import Reduction
from derive.language.root_of import RootOf


def rename(expr: Expr, names: dict[Index, Index]) -> Expr:
    """Replace free indices; a bound index that would capture one gets another name first."""
    if isinstance(expr, Symbol):
        return Symbol(expr.family, tuple(names.get(index, index) for index in expr.indices))
    if isinstance(expr, Ordinal):
        return Ordinal(names.get(expr.index, expr.index))
    if isinstance(expr, Entry):
        col = None if expr.col is None else names.get(expr.col, expr.col)
        return Entry(rename(expr.arg, names), names.get(expr.row, expr.row), col)
    if isinstance(expr, Cases):
        index = names.get(expr.index, expr.index)
        *values, otherwise = (rename(child, names) for child in expr.children)
        return cases(index, expr.numbers, tuple(values), otherwise)
    if isinstance(expr, Beyond):
        *values, otherwise = (rename(child, names) for child in expr.children)
        return Beyond(names.get(expr.index, expr.index), tuple(values), otherwise)
    if isinstance(expr, Sum):
        inner = {old: new for old, new in names.items() if old != expr.index and old in expr.body.free}
        index = expr.index
        if index in inner.values():
            fresh = index.renamed(frozenset(inner.values()) | expr.body.free)
            inner, index = inner | {index: fresh}, fresh
        return sum_over(index, rename(expr.body, inner)) if inner else expr
    if isinstance(expr, Reduction):
        free = frozenset().union(*(child.free for child in expr.children))
        inner = {old: new for old, new in names.items() if old != expr.index and old in free}
        index = expr.index
        if index in inner.values():
            fresh = index.renamed(frozenset(inner.values()) | free)
            inner, index = inner | {index: fresh}, fresh
        return expr.over(index, *(rename(child, inner) for child in expr.children)) if inner else expr
    return expr.map(lambda child: rename(child, names))


def substitute(expr: Expr, symbol: Symbol, value: Expr) -> Expr:
    """Replace every member of the symbol's family by ``value``, which is written for the symbol's indices."""
    if isinstance(expr, Symbol) and expr.family == symbol.family:
        return rename(value, dict(zip(symbol.indices, expr.indices, strict=True)))
    if isinstance(expr, RootOf) and expr.unknown.family == symbol.family:
        return expr  # the unknown of an equation is bound
    if isinstance(expr, Sum) and expr.index in value.free - set(symbol.indices):
        fresh = expr.index.renamed(value.free | expr.body.free)
        return substitute(sum_over(fresh, rename(expr.body, {expr.index: fresh})), symbol, value)
    if isinstance(expr, Reduction) and expr.index in value.free - set(symbol.indices):
        fresh = expr.index.renamed(value.free.union(*(child.free for child in expr.children)))
        renamed = (rename(child, {expr.index: fresh}) for child in expr.children)
        return substitute(expr.over(fresh, *renamed), symbol, value)
    return expr.map(lambda child: substitute(child, symbol, value))


def mentions(family: Family) -> Callable[[Expr], bool]:
    """Return a test whether a node is a member of the family."""
    return lambda expr: isinstance(expr, Symbol) and expr.family == family


def terms(expr: Expr) -> tuple[Expr, ...]:
    """Return the terms of a sum, or the expression as the only one."""
    return expr.terms if isinstance(expr, Add) else (expr,)


def factors(expr: Expr) -> tuple[Expr, ...]:
    """Return the factors of a product, or the expression as the only one."""
    return expr.factors if isinstance(expr, Mul) else (expr,)


def letters(expr: Expr) -> tuple[Expr, ...]:
    """Return the letters of a word, or the expression as the only one."""
    return expr.letters if isinstance(expr, Word) else (expr,)


def coefficient(expr: Expr) -> tuple[Fraction, Expr]:
    """Split a rational coefficient from the rest."""
    if isinstance(expr, Number):
        return expr.value, Number(Fraction(1))
    first, *rest = factors(expr)
    return (first.value, mul(*rest)) if isinstance(first, Number) else (Fraction(1), expr)


def scaled(number: int | Fraction, expr: Expr) -> Expr:
    """Multiply by a number, term by term."""
    return add(*(mul(number, term) for term in terms(expr)))


def drop_independent(expr: Expr, family: Family) -> Expr:
    """Drop the terms that do not depend on a family, inside sums and common factors too."""
    depends = mentions(family)
    if isinstance(expr, Sum):
        return sum_over(expr.index, drop_independent(expr.body, family))
    if isinstance(expr, Mul):
        inside = [factor for factor in expr.factors if factor.contains(depends)]
        if len(inside) == 1 and isinstance(inside[0], Add | Sum):
            return mul(*(drop_independent(f, family) if f is inside[0] else f for f in expr.factors))
    if isinstance(expr, Add):
        return add(*(drop_independent(term, family) for term in expr.terms if term.contains(depends)))
    return expr


def distribute(expr: Expr, opens: Callable[[Expr], bool]) -> tuple[Expr, ...]:
    """Write an expression as terms, multiplying out only those sums of terms that contain what ``opens`` accepts.

    (x_n - mu_k)(x_n - mu_k)' thus stays together while the unknown stands elsewhere.
    """
    if not expr.contains(opens):
        return (expr,)
    if isinstance(expr, Add):
        return tuple(part for term in expr.terms for part in distribute(term, opens))
    if isinstance(expr, Mul | Word):
        choices = [distribute(child, opens) for child in expr.children]
        return tuple(mul(*choice) for choice in product(*choices))
    if isinstance(expr, Power) and expr.exponent.denominator == 1 and expr.exponent > 1:
        choices = [distribute(expr.base, opens)] * int(expr.exponent)
        return tuple(mul(*choice) for choice in product(*choices))
    if isinstance(expr, Sum):
        return tuple(sum_over(expr.index, part) for part in distribute(expr.body, opens))
    linear: dict[type, Callable[[Expr], Expr]] = {Transpose: transpose, Trace: trace, DiagonalPart: diagonal_part}
    if type(expr) in linear:
        return tuple(linear[type(expr)](part) for part in distribute(expr.children[0], opens))
    return (expr,)


def canonical(expr: Expr) -> Expr:
    """Order what commutes, to compare.

    Scalar factors, a scalar word and its reverse, the letters under a trace, a matrix and its transpose under diag.
    """
    expr = expr.map(canonical)
    if isinstance(expr, Mul):
        body = [] if expr.shape.is_scalar else [expr.factors[-1]]
        scalars = expr.factors if expr.shape.is_scalar else expr.factors[:-1]
        return Mul((*sorted(scalars, key=lambda factor: factor.key), *body))
    if isinstance(expr, Add):
        return Add(tuple(sorted(expr.terms, key=lambda term: term.key)))
    if isinstance(expr, Word) and expr.shape.is_scalar:
        reverse = Word(tuple(letter.transposed() for letter in reversed(expr.letters)))
        return min(expr, reverse, key=lambda word: word.key)
    if isinstance(expr, DiagonalPart):
        return DiagonalPart(min(expr.arg, expr.arg.transposed(), key=lambda arg: arg.key))
    if isinstance(expr, Trace) and isinstance(expr.arg, Word):
        forward = expr.arg.letters
        backward = tuple(letter.transposed() for letter in reversed(forward))
        turns = [Word(w[i:] + w[:i]) for w in (forward, backward) for i in range(len(w))]
        return Trace(min((turn for turn in turns if _composes(turn)), key=lambda word: word.key))
    return expr


def pull_out(expr: Expr) -> Expr:
    """Move a rational coefficient that all terms of a bracket share in front: sum (a/2 - b/2) = 1/2 sum (a - b)."""
    expr = expr.map(pull_out)
    if not isinstance(expr, Add):
        return expr
    numbers = [coefficient(term)[0] for term in expr.terms]
    shared = abs(numbers[0])
    if shared == 1 or any(abs(number) != shared for number in numbers):
        return expr
    return Mul((Number(shared), add(*(mul(Fraction(1) / shared, term) for term in expr.terms))))


def out_of_sums(expr: Expr) -> Expr:
    """Move scalar factors, and letters at either end of a word, that a sum does not touch out of it."""
    if isinstance(expr, Sum) and isinstance(expr.body, Sum) and _better_inside(expr):
        expr = sum_over(expr.body.index, sum_over(expr.index, expr.body.body))
    expr = expr.map(out_of_sums)
    if not isinstance(expr, Sum):
        return expr
    parts = factors(expr.body)
    scalars = parts if expr.shape.is_scalar else parts[:-1]
    word = () if expr.shape.is_scalar else letters(parts[-1])
    first, last = 0, len(word)
    while first < last and expr.index not in word[first].free:
        first += 1
    while last > first and expr.index not in word[last - 1].free:
        last -= 1
    outside = [scalar for scalar in scalars if expr.index not in scalar.free]
    if not outside and (first, last) == (0, len(word)):
        return expr
    inside = mul(1, *(scalar for scalar in scalars if expr.index in scalar.free), *word[first:last])
    return mul(1, *outside, *word[:first], sum_over(expr.index, inside), *word[last:])


def _better_inside(expr: Sum) -> bool:
    """Whether the outer of two sums had better be the inner one: a matrix would then stand in front of it."""
    inner = expr.body
    if not isinstance(inner, Sum) or expr.shape.is_scalar:
        return False
    word = letters(factors(inner.body)[-1])
    return len(word) > 1 and word[0].shape.is_square and expr.index not in word[0].free and inner.index in word[0].free


def gather_suffixes(expr: Expr) -> Expr:
    """Write A v + B v as (A + B) v, for square A and B, here and inside sums and products."""
    expr = expr.map(gather_suffixes)
    if not isinstance(expr, Add):
        return expr
    groups: dict[Expr, list[Expr]] = {}
    for term in expr.terms:
        body = factors(term)[-1]
        if isinstance(body, Word) and not body.shape.is_scalar and all(x.shape.is_square for x in body.letters[:-1]):
            prefix = mul(*factors(term)[:-1], *body.letters[:-1])
            groups.setdefault(body.letters[-1], []).append(prefix)
        else:
            groups.setdefault(term, []).append(Number(Fraction(1)))
    return add(*(mul(add(*prefixes), suffix) for suffix, prefixes in groups.items()))


def gather_identities(expr: Expr) -> Expr:
    """Write a I + b I as (a + b) I in a sum of matrices."""
    found = [term for term in terms(expr) if isinstance(factors(term)[-1], Identity)]
    if len(found) < 2:
        return expr
    unit = factors(found[0])[-1]
    total = mul(add(*(mul(1, *factors(term)[:-1]) for term in found)), unit)
    return add(*(total if term is found[0] else term for term in terms(expr) if term is found[0] or term not in found))


def _composes(word: Word) -> bool:
    pairs = zip(word.letters, word.letters[1:], strict=False)
    return word.shape.is_square and all(a.shape.cols == b.shape.rows for a, b in pairs)


def cycled_trace(matrix: Expr) -> Expr:
    """Trace of a word; of an outer product u ... v' it is the inner product v' u ..., by turning the word."""
    if isinstance(matrix, Word):
        for i in range(1, len(matrix.letters)):
            if matrix.letters[i - 1].shape.is_column or matrix.letters[i].shape.transposed.is_column:
                return mul(mul(*matrix.letters[i:]), mul(*matrix.letters[:i]))
    return trace(matrix)


def collect(expr: Expr) -> Expr:
    """Add up terms that differ by a rational coefficient only, here and inside sums and products."""
    expr = expr.map(collect)
    if not isinstance(expr, Add):
        return expr
    found: dict[Expr, tuple[Fraction, Expr]] = {}
    for term in expr.terms:
        number, rest = coefficient(term)
        same = canonical(rest)
        before, shown = found.get(same, (Fraction(0), rest))
        found[same] = (before + number, shown)
    return add(*(mul(number, rest) for number, rest in found.values()))
