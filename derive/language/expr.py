"""The expression tree: frozen nodes, built by smart constructors, with shapes checked as they are built.

Scalars commute; vectors and matrices form noncommutative words. Terms of a sum and letters of a word keep the order in
which they were written, so that what is printed reads as what was meant (x_n - mu_k stays x_n - mu_k).
"""

from collections.abc import Callable
from fractions import Fraction

from derive.errors import ModelError
from derive.language.index import SCALAR, Extent, Index, Shape
from derive.language.operand import Numeric, Operand
from derive.language.tree import Tree, node


class Expr(Tree, Operand["Expr"]):
    """A formula: a scalar, vector or matrix. Operators build new ones by the smart constructors below."""

    @property
    def shape(self) -> Shape:
        """Rows and columns."""
        return SCALAR

    @property
    def symmetric(self) -> bool:
        """Whether this is known to equal its transpose."""
        return self.shape.is_scalar

    @property
    def positive(self) -> bool:
        """Whether a declared domain makes this a positive scalar or a positive definite matrix."""
        return False

    def rebuild(self, *children: "Expr") -> "Expr":
        """Return this node with other children, made by the smart constructor of its kind."""
        raise TypeError(f"{type(self).__name__} has no parts to exchange for {children}")

    def map(self, change: Callable[["Expr"], "Expr"]) -> "Expr":
        """Return this node with every child changed."""
        return self.rebuild(*map(change, self.children)) if self.children else self

    def plus(self, other: Operand["Expr"] | Numeric) -> "Expr":
        return add(self, other)

    def times(self, other: Operand["Expr"] | Numeric, *, other_first: bool = False) -> "Expr":
        return mul(other, self) if other_first else mul(self, other)

    def to_the(self, exponent: Numeric) -> "Expr":
        return power(self, exponent)

    def transposed(self) -> "Expr":
        return self if self.symmetric else Transpose(self)


@node
class Number(Expr):
    """A rational constant."""

    value: Fraction

    @property
    def key(self) -> str:
        return str(self.value)


@node
class Zero(Expr):
    """The zero vector or matrix."""

    rows: Extent
    cols: Extent

    @property
    def shape(self) -> Shape:
        return Shape(self.rows, self.cols)

    def transposed(self) -> Expr:
        return Zero(self.cols, self.rows)


@node
class Identity(Expr):
    """The identity matrix."""

    size: Extent
    symmetric = True

    @property
    def shape(self) -> Shape:
        return Shape(self.size, self.size)


@node
class Add(Expr):
    """A sum of two or more terms of one shape. Its transpose stays together, as in (x_n - mu_k)'."""

    terms: tuple[Expr, ...]
    joint = " + "

    @property
    def shape(self) -> Shape:
        return self.terms[0].shape

    @property
    def symmetric(self) -> bool:
        return all(term.symmetric for term in self.terms)

    def rebuild(self, *children: Expr) -> Expr:
        return add(*children)


@node
class Mul(Expr):
    """Scalar factors, then at most one vector or matrix."""

    factors: tuple[Expr, ...]
    joint = " * "

    @property
    def shape(self) -> Shape:
        return self.factors[-1].shape

    @property
    def symmetric(self) -> bool:
        return self.factors[-1].symmetric

    def rebuild(self, *children: Expr) -> Expr:
        return mul(*children)

    def transposed(self) -> Expr:
        return mul(*self.factors[:-1], self.factors[-1].transposed())


@node
class Word(Expr):
    """A product of vectors and matrices, in order. Of scalar shape it is an inner product."""

    letters: tuple[Expr, ...]
    joint = " @ "

    @property
    def shape(self) -> Shape:
        return Shape(self.letters[0].shape.rows, self.letters[-1].shape.cols)

    @property
    def symmetric(self) -> bool:
        return self.shape.is_scalar or tuple(letter.transposed() for letter in reversed(self.letters)) == self.letters

    def rebuild(self, *children: Expr) -> Expr:
        return mul(*children)

    def transposed(self) -> Expr:
        return self if self.symmetric else mul(*(letter.transposed() for letter in reversed(self.letters)))


@node
class Power(Expr):
    """A scalar raised to a rational exponent."""

    base: Expr
    exponent: Fraction

    def rebuild(self, *children: Expr) -> Expr:
        return power(children[0], self.exponent)


@node
class Transpose(Expr):
    """The transpose of what has no simpler one."""

    arg: Expr

    @property
    def shape(self) -> Shape:
        return self.arg.shape.transposed

    def rebuild(self, *children: Expr) -> Expr:
        return children[0].transposed()

    def transposed(self) -> Expr:
        return self.arg


def as_expr(value: Operand[Expr] | Numeric) -> Expr:
    """Return ``value`` as an expression; whole numbers and fractions become exact constants."""
    if isinstance(value, Operand):
        return value if isinstance(value, Expr) else value.plus(0)
    if isinstance(value, Index):
        raise ModelError(f"the index {value} stands in a formula as a number: write ordinal({value})")
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise ModelError(
            f"{value!r} cannot stand in a formula: use symbols, whole numbers and quotients of them (x / 2)"
        )
    return Number(Fraction(value))


def add(*terms: Operand[Expr] | Numeric) -> Expr:
    """Sum of terms of one shape; constants are folded, zeros dropped, the order kept."""
    given = [as_expr(term) for term in terms]
    shape = next((term.shape for term in given if not term.shape.is_scalar), SCALAR)
    flat: list[Expr] = []
    for term in given:
        if term.shape != shape and term != Number(Fraction(0)):
            other = next(other for other in given if other.shape == shape)
            first, second = sorted((other, term), key=given.index)
            raise ModelError(f"cannot add {first} ({first.shape}) and {second} ({second.shape}): the shapes differ")
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    constant = sum((term.value for term in flat if isinstance(term, Number)), Fraction(0))
    kept = [term for term in flat if not isinstance(term, Number | Zero)]
    if constant:
        kept.append(Number(constant))
    if not kept:
        return Number(Fraction(0)) if shape.is_scalar else Zero(shape.rows, shape.cols)
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def mul(*factors: Operand[Expr] | Numeric) -> Expr:
    """Product: scalars commute and their powers are merged, vectors and matrices keep their order."""
    scalars: list[Expr] = []
    letters: list[Expr] = []
    for factor in map(as_expr, factors):
        for part in factor.factors if isinstance(factor, Mul) else (factor,):
            if part.shape.is_scalar:
                scalars.append(part)
            else:
                letters.extend(part.letters if isinstance(part, Word) else (part,))
    body = _word(letters) if letters else None
    if body is not None and body.shape.is_scalar:
        scalars.append(body)
        body = None
    coefficient, merged = Fraction(1), dict[Expr, Fraction]()
    for scalar in scalars:
        base, exponent = (scalar.base, scalar.exponent) if isinstance(scalar, Power) else (scalar, Fraction(1))
        if isinstance(base, Number) and exponent == 1:
            coefficient *= base.value
        else:
            merged[base] = merged.get(base, Fraction(0)) + exponent
    if coefficient == 0 or isinstance(body, Zero):
        return Number(Fraction(0)) if body is None else Zero(body.shape.rows, body.shape.cols)
    parts: list[Expr] = [Number(coefficient)] if coefficient != 1 else []
    parts += [base if exponent == 1 else Power(base, exponent) for base, exponent in merged.items() if exponent]
    parts += [] if body is None else [body]
    if not parts:
        return Number(Fraction(1))
    return parts[0] if len(parts) == 1 else Mul(tuple(parts))


def _word(letters: list[Expr]) -> Expr:
    """Multiply vectors and matrices: identities dropped, neighbours that are inverse to each other cancelled."""
    word: list[Expr] = []
    for letter in letters:
        if word and word[-1].shape.cols != letter.shape.rows:
            raise ModelError(
                f"cannot multiply {word[-1]} ({word[-1].shape}) by {letter} ({letter.shape}): the sides differ"
            )
        if word and isinstance(letter, Identity):
            continue
        if word and isinstance(word[-1], Identity):
            word[-1] = letter
        elif word and (
            getattr(word[-1], "inverse_of", None) == letter or getattr(letter, "inverse_of", None) == word[-1]
        ):
            word[-1] = Identity(letter.shape.rows)
        else:
            word.append(letter)
        if len(word) > 1 and isinstance(word[-1], Identity):
            word.pop()
    if any(isinstance(letter, Zero) for letter in word):
        rows, cols = word[0].shape.rows, word[-1].shape.cols
        return Zero(rows, cols) if not Shape(rows, cols).is_scalar else Number(Fraction(0))
    return word[0] if len(word) == 1 else Word(tuple(word))


def power(base: Operand[Expr] | Numeric, exponent: Numeric) -> Expr:
    """Return base ** exponent for a scalar base and a rational exponent."""
    base = as_expr(base)
    if isinstance(exponent, bool) or not isinstance(exponent, int | Fraction):
        raise ModelError(f"{base} has the exponent {exponent!r}: exponents are whole numbers or fractions")
    if not base.shape.is_scalar:
        raise ModelError(f"cannot raise {base} ({base.shape}) to a power: only scalars; inverse() inverts a matrix")
    whole = Fraction(exponent).denominator == 1
    if isinstance(base, Number) and whole and (base.value or exponent > 0):
        return Number(base.value ** int(exponent))
    if isinstance(base, Power) and whole:
        return power(base.base, base.exponent * exponent)
    if isinstance(base, Mul) and whole:
        return mul(*(power(factor, exponent) for factor in base.factors))
    if exponent in (0, 1):
        return base if exponent else Number(Fraction(1))
    return Power(base, Fraction(exponent))
