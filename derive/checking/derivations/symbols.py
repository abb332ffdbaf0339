"""Symbols of a document: a name with its scripts becomes a member of a family, or what it stands for."""

from dataclasses import dataclass
from fractions import Fraction

from derive.checking.derivations.marks import Marks, above, below, iterated
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.vocabulary import Meaning, Vocabulary, named
from derive.checking.parsing.tree import Name, Node, Scripted
from derive.errors import ModelError
from derive.language.entrywise import entry
from derive.language.expr import Expr, mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Size, inverse, sqrt, sum_over, trace
from derive.language.index import ONE, Extent, Index

LARGEST_EXPONENT = 100  # exact powers beyond are of no use, and may not end


@dataclass(frozen=True)
class Written:
    """A name with its marks. letters: all index letters, those below first."""

    name: Name
    low: Marks
    high: Marks
    node: Node

    @property
    def letters(self) -> tuple[str, ...]:
        """Index letters, those in brackets above as well."""
        return self.low.letters + tuple(letter.strip("()") for letter in self.high.letters)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels such as new and old."""
        return self.low.labels + self.high.labels


def written(node: Node) -> Written | None:
    """Return a name with its marks, None for what is no name. Nested scripts are joined."""
    match node:
        case Name():
            return Written(node, Marks(), Marks(), node)
        case Scripted(base=base, sub=sub, sup=sup, primes=primes):
            inside = written(base)
            if inside is None:
                return None
            more = above(sup)
            if primes:
                more += Marks(transposed=primes % 2 == 1)
            low = inside.low + below(sub)
            return Written(inside.name, low, iterated(low, inside.high + more), node)
    return None


class Members:
    """Makes members of families from letters. One for each row: indices left out are the same throughout a row."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """vocabulary: of the document."""
        self.vocabulary = vocabulary

    def index(self, letter: str, size: Extent, node: Node) -> Index:
        """Return the index of a letter that must run over ``size``; raises MisfitError for one that does not."""
        found = self.vocabulary.index(letter)
        if found is not None and found.size != size:
            raise MisfitError(
                f"the index {letter} runs to {found.size}, but here one that runs to {size} is needed", node, "index"
            )
        return named(letter, size)

    def implied(self, index: Index) -> Index:
        """Return the index of a member that is written without one."""
        return next(
            (named(letter, plate.size) for letter, plate in self.vocabulary.plates.items() if plate.size == index.size),
            index,
        )

    def member(self, meaning: Meaning, found: Written, old: Family | None = None) -> Expr:
        """Return what a name with these letters stands for, before transposition and powers."""
        family = meaning.family if old is None else old
        if found.low.numbers or found.high.numbers:
            raise NotReadError("a single component by its number", found.node)
        letters = list(found.letters)
        if family.role is Role.DATA and found.high.letters:  # x_j^{(i)}: the sample above, the coordinate below
            letters = [letter.strip("()") for letter in found.high.letters] + list(found.low.letters)
        wanted = list(family.indices)
        given: list[Index] = []
        for index in wanted:
            fits = letters and self._fits(letters[0], index.size)
            if letters and (fits or len(letters) >= len(wanted)):
                given.append(self.index(letters.pop(0), index.size, found.node))
            else:
                given.append(self.implied(index))
        symbol = Symbol(family, tuple(given))
        return self._way(symbol, meaning.way, letters, found)

    def _fits(self, letter: str, size: Extent) -> bool:
        known = self.vocabulary.plate_of(letter)
        return known is None or known == size

    def _way(self, symbol: Symbol, way: str, letters: list[str], found: Written) -> Expr:
        if way.startswith("spread"):
            value = self._spread(symbol, letters, found)
            return sqrt(value) if way == "spread-root" else value
        if way == "root":
            return sqrt(symbol)
        return self._entry(inverse(symbol) if way == "inverse" else symbol, letters, found)

    def _spread(self, symbol: Symbol, letters: list[str], found: Written) -> Expr:
        """What a spherical or diagonal matrix is made of."""
        side = symbol.shape.rows
        if symbol.family.domain.structure == "spherical":
            if letters:
                raise MisfitError("a spherical covariance has one variance for all coordinates", found.node, "index")
            return mul(power(Size(side), -1), trace(symbol))
        index = self.index(letters[0], side, found.node) if letters else self.implied(Index("d", side))
        return entry(symbol, index, index)

    def _entry(self, value: Expr, letters: list[str], found: Written) -> Expr:
        if not letters:
            return value
        if value.shape.is_scalar:
            raise MisfitError(f"{found.name.text} carries an index too many: {letters[0]}", found.node, "index")
        rows = self.index(letters[0], value.shape.rows, found.node)
        if value.shape.cols == ONE:
            if len(letters) > 1:
                raise MisfitError(f"{found.name.text} carries an index too many: {letters[1]}", found.node, "index")
            return entry(value, rows)
        cols = self.index(letters[-1], value.shape.cols, found.node) if len(letters) > 1 else rows
        return entry(value, rows, cols)

    def responsibility(self, found: Written, letters: tuple[str, ...] | None = None) -> Expr:
        """Return gamma_nk for a name of responsibilities, whichever index stands first in this document."""
        n, k = self.vocabulary.model.sample, self.vocabulary.model.component
        given = found.letters if letters is None else letters
        order = [k, n] if found.name.text in self.vocabulary.component_first and letters is None else [n, k]
        indices: dict[Extent, Index] = {}
        if len(given) == 1:
            plate = self.vocabulary.plate_of(given[0])
            order = [k] if plate == k.size else [n]
        if len(given) > len(order):
            raise NotReadError("responsibilities with more than two indices", found.node)
        for letter, index in zip(given, order, strict=False):
            indices[index.size] = self.index(letter, index.size, found.node)
        gamma = self.vocabulary.notation.gamma
        return Symbol(gamma, tuple(indices.get(index.size) or self.implied(index) for index in (n, k)))


def applied(value: Expr, marks: Marks, node: Node) -> Expr:
    """Transpose and invert as the marks say. Raises MisfitError where that has no meaning."""
    try:
        if marks.inverted:
            value = inverse(value)
        return value.transposed() if marks.transposed else value
    except ModelError as error:
        raise MisfitError(str(error), node, "shapes") from None


def raised(value: Expr, exponent: Expr, node: Node) -> Expr:
    """Return a power. Of a vector in a formula by coordinates it is meant entry by entry; of a matrix, its product."""
    number = getattr(exponent, "value", None)
    if isinstance(number, Fraction) and abs(number) > LARGEST_EXPONENT:
        raise NotReadError(f"an exponent beyond {LARGEST_EXPONENT}", node)
    if value.shape.is_scalar:
        return value**exponent
    if value.shape.is_square and isinstance(number, Fraction) and number.denominator == 1 and 1 < number <= 4:
        return mul(*[value] * int(number))
    raise MisfitError(f"a power of what is {value.shape}", node, "scalar-rule-for-matrices")


def count_of(vocabulary: Vocabulary, index: Index) -> Expr:
    """Return N_k = sum_n gamma_nk, with the weights of the samples."""
    n, k = vocabulary.model.sample, vocabulary.model.component
    gamma = vocabulary.notation.gamma
    return sum_over(n, vocabulary.model.sample_weight * Symbol(gamma, (n, Index(index.name, k.size))))
