"""What a document defines: objectives such as L, and names of its own."""

from dataclasses import dataclass

from derive.checking.derivations import conventions
from derive.checking.derivations.chain import EQUALITIES
from derive.checking.derivations.symbols import written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing.tree import Fenced, Node, Product
from derive.checking.parsing.written import Document
from derive.checking.parsing.written import Written as Block
from derive.language.expr import Expr


@dataclass(frozen=True)
class Definition:
    """name_letters = value: what the document calls so, in a line of it.

    node: its right side, read where it is used. value: what it stands for instead.
    """

    letters: tuple[str, ...]
    node: Node
    line: int
    value: Expr | None = None


def objective_key(node: Node, vocabulary: Vocabulary) -> str | None:
    """Return the key of an objective that a node names: L, L(theta), Q(theta, theta_old); None for anything else."""
    if isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[1], Fenced):
        return objective_key(node.factors[0], vocabulary)
    found = written(node)
    if found is None or found.letters or found.low.numbers or found.high.power is not None:
        return None
    key = vocabulary.key(found.name)
    if key in vocabulary.names or key in vocabulary.gammas or key not in conventions.OBJECTIVES:
        return None
    return key


def argument_of(node: Node | None) -> Node | None:
    """Return what an objective is a function of, where that is one symbol with an index: J(mu_k)."""
    if isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[1], Fenced):
        inside = node.factors[1].body
        found = written(inside)
        return inside if found is not None and found.letters else None
    return None


def find_definitions(document: Document, vocabulary: Vocabulary) -> dict[str, Definition]:
    """Return the names that a document gives to formulas, which have no meaning by convention."""
    found: dict[str, Definition] = {}
    for block in document.blocks:
        for chain in block.chains if isinstance(block, Block) else ():
            head = chain.sides[0]
            if head is None or len(chain.sides) < 2 or chain.relations[0] not in EQUALITIES:
                continue
            name, value = written(head), chain.sides[1]
            if name is None or value is None or name.high.power is not None or name.high.transposed:
                continue
            key = vocabulary.key(name.name)
            if key not in found and _own(key, name.letters, vocabulary):
                found[key] = Definition(name.letters, value, block.line)
    return found


def _own(key: str, letters: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether a name has no meaning but the one that a document gives it."""
    if key in vocabulary.names or key in vocabulary.gammas or key in vocabulary.labels:
        return False
    if not letters and (key in conventions.OBJECTIVES or key in vocabulary.sizes):
        return False
    component = vocabulary.model.component.size
    if key in conventions.COUNTS and [vocabulary.plate_of(letter) for letter in letters] == [component]:
        return False
    return not (key in conventions.MULTIPLIERS and len(letters) < 2)
