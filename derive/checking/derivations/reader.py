"""From the syntax tree of a formula to the language: what the symbols mean, and whether the shapes fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.checking.derivations import calls, conventions, derivatives, functions
from derive.checking.derivations.big import big
from derive.checking.derivations.definitions import Definition
from derive.checking.derivations.marks import Marks, above, below
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import Members, Written, applied, count_of, raised, written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.errors import ModelError
from derive.language.calculus_nodes import Named
from derive.language.entrywise import hadamard
from derive.language.expr import Expr, Identity, Zero, add, as_expr, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import PI, Size, exp, inverse
from derive.language.index import Extent


@dataclass
class Reader:
    """Reads the formulas of one row.

    objectives: what names such as L stand for here. definitions: of the document. old: whether a label "old" names the
    previous value of a parameter (in an M-step), rather than the only one. constants: terms such as "+ const" were
    dropped. undefined: objectives that are named before the document defines them. used: all names of
    objectives and of the document's own.
    multipliers: those met. summed_labels: whether a sum over labels z_n stands around.
    """

    vocabulary: Vocabulary
    objectives: Mapping[str, Expr]
    definitions: Mapping[str, Definition]
    default: Expr
    old: bool = False
    constants: bool = False
    undefined: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    multipliers: dict[str, Family] = field(default_factory=dict)
    within: frozenset[str] = frozenset()
    summed_labels: bool = False
    densities: bool = False

    def __post_init__(self) -> None:
        """Make what reads symbols."""
        self.members = Members(self.vocabulary)

    def read(self, node: Node) -> Expr:
        """Return the meaning of a formula. Raises NotReadError or MisfitError."""
        try:
            return self._read(node)
        except ModelError as error:
            raise MisfitError(str(error), node, "shapes") from None
        except RecursionError:
            raise NotReadError("what is nested so deeply", node) from None
        except (ZeroDivisionError, OverflowError, MemoryError):
            raise NotReadError("a value that is too large or not defined", node) from None

    def _read(self, node: Node) -> Expr:  # noqa: C901 - one case a form
        match node:
            case tree.Number(value=value):
                return as_expr(value)
            case tree.Name() | tree.Scripted():
                return self._scripted(node)
            case tree.Sum(terms=terms):
                return self._sum(terms)
            case tree.Product():
                return calls.product(self, node)
            case tree.Quotient(numerator=numerator, denominator=denominator):
                return self._quotient(numerator, denominator, node)
            case tree.Big():
                return big(self, node)
            case tree.Fenced():
                return functions.fenced(self, node)
            case tree.Apply():
                return functions.applied(self, node)
            case tree.Differentiate():
                return derivatives.derivative(self, node)
            case tree.Braced(body=body):
                return self.read(body)
        raise NotReadError("this notation", node)

    # sums and products

    def _sum(self, terms: tuple[tuple[str, Node], ...]) -> Expr:
        found: list[Expr] = []
        for sign, term in terms:
            if sign not in "+-":
                raise NotReadError(f"the sign {sign}", term)
            if functions.is_constant(self, term):
                self.constants = True
                continue
            value = self.read(term)
            found.append(mul(-1, value) if sign == "-" else value)
        if not found:
            return as_expr(0)
        return add(*found)

    def _quotient(self, numerator: Node, denominator: Node, node: Node) -> Expr:
        above_, below_ = self.read(numerator), self.read(denominator)
        if not below_.shape.is_scalar:
            raise MisfitError(
                f"division by what is {below_.shape}: a matrix has an inverse, no reciprocal",
                node,
                "scalar-rule-for-matrices",
            )
        if below_ == as_expr(0):
            raise MisfitError("division by zero", node)
        return mul(inverse(below_), above_) if above_.shape.is_scalar else mul(above_, inverse(below_))

    @staticmethod
    def product_of(values: list[Expr], operators: list[str]) -> Expr:
        """Multiply in order; entry by entry where the sign says so."""
        result = values[0]
        for operator, value in zip(operators, values[1:], strict=True):
            result = hadamard(result, value) if operator in ("circ", "odot") else mul(result, value)
        return result

    # symbols

    def _scripted(self, node: Node) -> Expr:
        found = written(node)
        if found is None:
            assert isinstance(node, tree.Scripted)  # noqa: S101 - for the type checker
            return self._powered(node)
        if found.low.strange is not None or found.high.strange is not None:
            raise NotReadError("what stands below or above it", node)
        if found.name.text == "e" and found.high.power is not None and not found.letters:
            return exp(self.scalar(found.high.power, "an exponent"))
        value = self.symbol(found)
        value = applied(value, found.high, node)
        if found.high.power is not None:
            return raised(value, self.read(found.high.power), node)
        return value

    def _powered(self, node: tree.Scripted) -> Expr:
        """Read (..)^T, |..|^{1/2}, [..]_{ij}, e^{..} has a name and is read elsewhere."""
        marks = above(node.sup)
        if node.primes % 2:
            marks += Marks(transposed=True)
        value = self.read(node.base)
        low = below(node.sub)
        if low.strange is not None or low.numbers or marks.strange is not None:
            raise NotReadError("what stands below or above it", node)
        if low.letters:
            value = functions.entry_of(self, value, low.letters, node)
        value = applied(value, marks, node)
        if marks.power is None:
            return value
        exponent = self.read(marks.power)
        if value.shape.is_column and exponent == as_expr(2):
            return hadamard(value, value) if self._by_coordinates() else raised(value, exponent, node)
        return raised(value, exponent, node)

    def _by_coordinates(self) -> bool:
        """Whether the model's covariance is diagonal, so that squares of vectors are meant entry by entry."""
        return any(family.domain.structure == "diagonal" for family in self.vocabulary.model.parameters)

    def symbol(self, found: Written) -> Expr:
        """Return what a name stands for, by the document's vocabulary, its definitions and what is customary."""
        key, text = key_of(found.name), found.name.text
        vocabulary = self.vocabulary
        plain = vocabulary.key(found.name)
        if self._is_count(plain, found):
            component = vocabulary.model.component
            return count_of(vocabulary, self.members.index(found.letters[0], component.size, found.node))
        if plain in vocabulary.gammas and not (plain in vocabulary.names and len(found.letters) < 2):
            return self.members.responsibility(found)
        if text == "pi" and not found.letters and self._is_number(plain):
            return PI
        if plain in vocabulary.names:
            return self._parameter(plain, found)
        if key in vocabulary.labels:
            gamma = self.members.responsibility(found)
            assert isinstance(gamma, Symbol)  # noqa: S101 - for the type checker
            return Symbol(vocabulary.notation.z, gamma.indices)
        if key in self.definitions and key not in self.within:
            return self._defined(key, found)
        special = self._special(key, text, found)
        if special is not None:
            return special
        raise NotReadError(f"what {text} means", found.node)

    def _is_number(self, key: str) -> bool:
        """Whether a bare pi is the number: where parameters of that name carry an index."""
        return key not in self.vocabulary.names or bool(self.vocabulary.names[key].family.indices)

    def _is_count(self, key: str, found: Written) -> bool:
        """Whether a name is N_k, the sum of the responsibilities of a component; r_k beside r_nk is that too."""
        over = [self.vocabulary.plate_of(letter) for letter in found.letters]
        counted = over == [self.vocabulary.model.component.size]
        return counted and key in conventions.COUNTS and key not in self.vocabulary.names

    def _special(self, key: str, text: str, found: Written) -> Expr | None:
        """Sizes, identity, zero, counts, objectives, multipliers: by convention."""
        vocabulary, letters = self.vocabulary, found.letters
        if not letters and text in vocabulary.sizes and not found.name.style:
            return Size(vocabulary.sizes[text])
        if text in ("I", "bb:I", "1I") and vocabulary.side is not None:
            return Identity(vocabulary.side)
        if text in ("0", "bm0") and vocabulary.side is not None:
            return Zero(vocabulary.side, Extent("1"))
        if key in conventions.OBJECTIVES and not letters:
            return self.objective(key)
        if text in conventions.MULTIPLIERS:
            return self._multiplier(text, found)
        return None

    def objective(self, key: str) -> Expr:
        """Return what an objective's name stands for here."""
        self.used.add(key)
        if key in self.objectives:
            return self.objectives[key]
        self.undefined.add(key)
        return Named(key, key.rpartition(":")[2], self.default)

    def _multiplier(self, text: str, found: Written) -> Expr:
        indices = tuple(plate for letter in found.letters if (plate := self.vocabulary.index(letter)) is not None)
        if len(indices) != len(found.letters):
            raise NotReadError(f"what {text} means", found.node)
        family = Family(f"multiplier_{text}", Role.MULTIPLIER, indices, latex=text)
        self.multipliers[text] = family
        return Symbol(family, indices)

    def _parameter(self, key: str, found: Written) -> Expr:
        meaning = self.vocabulary.names[key]
        family = meaning.family
        if self.old and "old" in found.labels and family.role is Role.PARAMETER:
            old = Family(f"{family.name}_old", family.role, family.indices, family.shape, family.domain)
            return self.members.member(meaning, found, old)
        return self.members.member(meaning, found)

    def _defined(self, key: str, found: Written) -> Expr:
        definition = self.definitions[key]
        inside = Reader(self.vocabulary, self.objectives, self.definitions, self.default, within=self.within | {key})
        self.used.add(key)
        value = definition.value or inside.read(definition.node)
        self.multipliers |= inside.multipliers
        self.undefined |= inside.undefined
        self.used |= inside.used
        if len(definition.letters) != len(found.letters):
            raise NotReadError(f"{found.name.text}, which has other indices where it is defined,", found.node)
        return functions.renamed(value, definition.letters, found.letters)

    # scalars

    def scalar(self, node: Node, function: str) -> Expr:
        """Read what must be a scalar."""
        value = self.read(node)
        if not value.shape.is_scalar:
            raise MisfitError(f"{function} takes a scalar, and this is {value.shape}", node, "shapes")
        return value
