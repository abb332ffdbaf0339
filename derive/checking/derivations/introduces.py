"""Statements that introduce notation and claim nothing: k = 1, ..., K; theta = (pi, mu, Sigma); where z_n = k."""

from derive.checking.derivations import conventions
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Chain, Name, Node, Number


def introduces(chain: Chain, vocabulary: Vocabulary) -> bool:
    """Whether a statement only introduces notation, or is a condition on a label."""
    sides = [side for side in chain.sides if side is not None]
    if any(_is_list(side) for side in sides):
        return True
    if len(sides) != 2 or chain.sides[0] is None:
        return False
    head, value = sides
    return _of_label(head, value, vocabulary) or _of_size(head, value, vocabulary)


def _is_list(node: Node) -> bool:
    """Whether it is a list: 1, ..., K, or a tuple or set of symbols."""
    if isinstance(node, tree.Scripted):
        node = node.base
    return isinstance(node, tree.Items) or (isinstance(node, tree.Fenced) and isinstance(node.body, tree.Items))


def _of_label(head: Node, value: Node, vocabulary: Vocabulary) -> bool:
    """z_nk = 1, z_n = k: a condition."""
    found = written(head)
    if found is None or not found.letters:
        return False
    key = key_of(found.name)
    latent = key in vocabulary.labels or (
        key in conventions.LABELS and key not in {*vocabulary.names, *vocabulary.gammas}
    )
    one_member = isinstance(value, Name) and vocabulary.plate_of(value.text) == vocabulary.model.component.size
    return latent and (isinstance(value, Number) or one_member)


def _of_size(head: Node, value: Node, vocabulary: Vocabulary) -> bool:
    """K = 3, n = 1: what a size or an index is set to."""
    known = isinstance(head, Name) and (head.text in vocabulary.sizes or head.text in vocabulary.plates)
    return known and isinstance(value, Number) and key_of(head) not in vocabulary.names  # type: ignore[arg-type]
