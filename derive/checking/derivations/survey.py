"""How a document uses its symbols: each name with the index letters at it, and the bounds of the sums."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise

from derive.checking.derivations.conventions import ESTIMATES, VARIANTS
from derive.checking.derivations.marks import Marks, above, below, iterated
from derive.checking.parsing.tree import Big, Chain, Compared, Fenced, Name, Node, Product, Scripted
from derive.checking.parsing.written import Document, Written


def key_of(name: Name) -> str:
    """Return by what a name is known: its letter, with a calligraphic style or an accent before it."""
    text = VARIANTS.get(name.text, name.text)
    style = f"{name.style}:" if name.style else ""
    return f"{style}{name.accent}:{text}" if name.accent else f"{style}{text}"


def children(node: object) -> Iterator[Node]:
    """The nodes directly inside a node."""
    if isinstance(node, Node):
        for part in fields(node):
            yield from children_of(getattr(node, part.name))


def children_of(value: object) -> Iterator[Node]:
    """The nodes in a field's value: one, or those in a tuple."""
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from children_of(item)


@dataclass
class Survey:
    """Counted over a document.

    uses: (name, index letters below, letters above in brackets) -> how often. bounds: (letter, upper end) of sums.
    called: names that stand before a bracket, as in gamma(z_nk). bare: names without any script. heads: names that
    stand alone on the left of an equals sign. given_by: such a name with two index letters -> names on its right that
    have as many.
    """

    uses: Counter[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=Counter)
    bounds: Counter[tuple[str, str]] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    bare: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    given_by: dict[str, set[str]] = field(default_factory=dict)
    squared: Counter[str] = field(default_factory=Counter)
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def signatures(self, key: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """How a name is used, most frequent first."""
        found = [(count, low, high) for (name, low, high), count in self.uses.items() if name == key]
        found = found or [(count, low, high) for (name, low, high), count in self.uses.items() if plain(name) == key]
        return [(low, high) for _, low, high in sorted(found, key=lambda use: -use[0])]

    @property
    def names(self) -> set[str]:
        """All names; an estimate such as hat mu counts as the letter below the hat as well."""
        written = {name for name, _, _ in self.uses} | set(self.bare)
        return written | {plain(name) for name in written}


def plain(key: str) -> str:
    """The letter of an estimate, without its accent; other names as they are."""
    accent, _, letter = key.rpartition(":")
    return letter if accent in ESTIMATES else key


def survey(document: Document) -> Survey:
    """Count what stands in the formulas of a document."""
    found = Survey()
    for block in document.blocks:
        if isinstance(block, Written):
            for chain in block.chains:
                _chain(chain, found)
    return found


def _chain(chain: Chain, found: Survey) -> None:
    for place, side in enumerate(chain.sides):
        if side is None:
            continue
        if place == 0 and len(chain.sides) > 1:
            head = side.base if isinstance(side, Scripted) else side
            if isinstance(head, Name):
                found.heads[key_of(head)] += 1
                if _is_pair(side):
                    right = {name for other in chain.sides[1:] if other is not None for name in _pairs(other)}
                    found.given_by.setdefault(key_of(head), right)
        _node(side, found)


def _is_pair(node: Node) -> bool:
    """Whether it is a name with two index letters."""
    return isinstance(node, Scripted) and isinstance(node.base, Name) and len(below(node.sub).letters) == 2


def _pairs(root: Node) -> Iterator[str]:
    """Names with two index letters in a formula."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Scripted) and isinstance(node.base, Name) and _is_pair(node):
            yield key_of(node.base)
        stack.extend(children(node))


def _node(root: Node, found: Survey) -> None:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        match node:
            case Scripted(base=Name() as name, sub=sub, sup=sup):
                _use(name, below(sub), iterated(below(sub), above(sup)), found)
                stack.extend(part for part in (above(sup).power, below(sub).strange) if part is not None)
                continue
            case Name():
                found.bare[key_of(node)] += 1
            case Product(factors=factors):
                for one, other in pairwise(factors):
                    base = one.base if isinstance(one, Scripted) else one
                    if isinstance(base, Name) and isinstance(other, Fenced):
                        found.called[key_of(base)] += 1
            case Big(lower=lower, upper=upper):
                _bounds(lower, upper, found)
        stack.extend(child for child in children(node) if not (isinstance(node, Big) and child is not node.body))


def _use(name: Name, low: Marks, high: Marks, found: Survey) -> None:
    key = key_of(name)
    above_letters = tuple(letter.strip("()") for letter in high.letters)
    if low.letters or above_letters:
        found.uses[key, low.letters, above_letters] += 1
        found.orders.setdefault(key, low.letters + above_letters)
    else:
        found.bare[key] += 1
    if high.power is not None:
        found.squared[key] += 1


def bound_letters(lower: Node | None) -> tuple[str, ...]:
    """The index letters that stand below a sum sign."""
    match lower:
        case Compared(left=left):
            return below(left).letters
        case None:
            return ()
    return below(lower).letters


def _bounds(lower: Node | None, upper: Node | None, found: Survey) -> None:
    for letter in bound_letters(lower):
        name = upper if isinstance(upper, Name) else None
        found.bounds[letter, "" if name is None else name.text] += 1
