"""What stands below and above a symbol: index letters, labels such as new and old, transposition, powers."""

from dataclasses import dataclass, replace
from fractions import Fraction

from derive.checking.derivations.conventions import ITERATIONS, LABELS_NEW, LABELS_OLD, TRANSPOSES
from derive.checking.parsing.tree import Fenced, Items, Name, Node, Number, Product, Scripted, Sum


@dataclass(frozen=True)
class Marks:
    """What a script says. letters: index letters in order. labels: "new", "old". transposed, inverted: how often.

    power: an exponent that is none of these, None if there is none. numbers: of single components, x_1. strange: what
    is none of all these.
    """

    letters: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    transposed: bool = False
    inverted: bool = False
    power: Node | None = None
    numbers: tuple[int, ...] = ()
    strange: Node | None = None

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(
            self.letters + other.letters,
            self.labels + other.labels,
            self.transposed != other.transposed,
            self.inverted != other.inverted,
            self.power if other.power is None else other.power,
            self.numbers + other.numbers,
            self.strange or other.strange,
        )


def below(node: Node | None) -> Marks:
    """Read a subscript: nk, n,k, {k, new}, k'."""
    match node:
        case None:
            return Marks()
        case Name(text=text, word=True) if len(text) > 1:
            return Marks(labels=(label(text),))
        case Name(text=text):
            return Marks(letters=(text,))
        case Scripted(base=Name(text=text), sub=None, sup=None, primes=primes) if primes:
            return Marks(letters=(text + "'" * primes,))
        case Scripted(base=Name(text=text), sub=None, sup=Name(text="prime")):
            return Marks(letters=(text + "'",))
        case Number(value=value) if value.denominator == 1:
            return Marks(numbers=(int(value),))
        case Product(factors=parts) | Items(items=parts):
            found = Marks()
            for part in parts:
                found += below(part)
            return found
        case Fenced(body=body):
            return below(body)
    return Marks(strange=node)


def above(node: Node | None) -> Marks:  # noqa: C901 - one case a mark
    """Read a superscript: T, -1, -T, (i), new, (t+1), 2; several of them beside each other."""
    match node:
        case None:
            return Marks()
        case Name(text=text) if text in TRANSPOSES:
            return Marks(transposed=True)
        case Name(text="prime"):
            return Marks(transposed=True)
        case Name(text=text, word=word) if text in LABELS_NEW or (word and len(text) > 1):
            return Marks(labels=(label(text),))
        case Sum(terms=((sign, Number(value=Fraction(numerator=1, denominator=1))),)) if sign == "-":
            return Marks(inverted=True)
        case Sum(terms=((sign, Name(text=text)),)) if sign == "-" and text in TRANSPOSES:
            return Marks(transposed=True, inverted=True)
        case Fenced(kind="(" | "[", body=body):
            return _bracketed(body)
        case Sum(terms=((_, Name(text="t" | "s" | "r" | "l" | "m")), ("+", Number()))):
            return Marks(labels=("new",))
        case Product(factors=parts, operators=operators) if not any(operators) and _all_marks(parts):
            return _together(parts)
        case Items(items=parts):
            return _together(parts)
    return Marks(power=node)


def _together(parts: tuple[Node, ...]) -> Marks:
    found = Marks()
    for part in parts:
        found += above(part)
    return found


def _all_marks(parts: tuple[Node, ...]) -> bool:
    return all(above(part).power is None for part in parts)


def _bracketed(body: Node) -> Marks:
    """Read (i), (t), (t+1), (new), (2): an index, or which iteration."""
    match body:
        case Sum(terms=((_, Name()), (sign, Number()))):
            return Marks(labels=("new" if sign == "+" else "old",))
        case Name(text=text, word=word) if word and len(text) > 1:
            return Marks(labels=(label(text),))
        case Name(text=text):
            return Marks(letters=(f"({text})",))
        case Number(value=value):
            return Marks(labels=("old" if value == 0 else "new",))
    return Marks(strange=body)


def iterated(low: Marks, high: Marks) -> Marks:
    """Read a superscript again where it only counts iterations: T_{ji}^{(t)} beside its index letters."""
    if low.letters and high.letters and all(letter in ITERATIONS for letter in high.letters):
        return replace(high, letters=(), labels=(*high.labels, "old"))
    return high


def label(text: str) -> str:
    """Return "new" or "old" for what means it, else the text itself."""
    if text in LABELS_NEW:
        return "new"
    return "old" if text in LABELS_OLD else text
