"""Sums and products with their bounds and indices."""

from typing import TYPE_CHECKING

from derive.checking.derivations import calls, conventions, densities
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.survey import bound_letters, key_of
from derive.checking.derivations.symbols import written
from derive.checking.derivations.vocabulary import named
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.language.expr import Expr
from derive.language.functions import exp, log, sum_over
from derive.language.index import Index

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader


def big(reader: "Reader", node: tree.Big) -> Expr:
    """Return a sum, or a product as the exponential of a sum of logs."""
    if node.kind not in ("sum", "prod"):
        raise NotReadError(f"{node.kind}", node)
    expected = _expectation(reader, node)
    if expected is not None:
        return expected
    body = _summed(reader, node)
    letters = bound_letters(node.lower)
    if isinstance(node.lower, tree.Compared) and node.lower.relation not in ("=", "in"):
        raise NotReadError("a sum over some of the indices", node)
    if not letters:
        return sum_over(_guessed(reader, body, node), body)
    indices = [_bound(reader, letter, node, body) for letter in letters]
    for index in reversed(indices):
        body = sum_over(index, body) if node.kind == "sum" else exp(sum_over(index, log(body)))
    return body


def _expectation(reader: "Reader", node: tree.Big) -> Expr | None:
    """sum_Z p(Z | X) f(Z), an expectation over the labels of all samples; f is linear in them."""
    below = None if node.lower is None else written(node.lower)
    if below is None or below.letters or key_of(below.name) not in densities.ALL_LABELS:
        return None
    factors = node.body.factors if isinstance(node.body, tree.Product) else (node.body,)
    for place, inside in enumerate(factors):
        if place and isinstance(inside, tree.Fenced) and _is_posterior(reader, factors[place - 1], inside.body):
            rest = (*factors[: place - 1], *factors[place + 1 :])
            if rest:
                body = tree.Product(rest, ("",) * (len(rest) - 1), start=node.start, end=node.end)
                return calls.labels_to_gamma(reader, reader.read(body if len(rest) > 1 else rest[0]))
    raise NotReadError("a sum over the labels of all samples", node)


def _is_posterior(reader: "Reader", name: Node, inside: Node) -> bool:
    """Whether it is p(Z | X, theta_old)."""
    found = written(name)
    given = densities.Conditional.of(reader, inside)
    return (
        found is not None
        and key_of(found.name) in conventions.DENSITIES
        and len(given.left) == 1
        and _named(given.left[0], densities.ALL_LABELS)
        and any(_named(node, densities.ALL_DATA) for node in given.right)
    )


def _named(node: Node, names: tuple[str, ...]) -> bool:
    found = written(node)
    return found is not None and not found.letters and key_of(found.name) in names


def _over_labels(reader: "Reader", node: tree.Big) -> bool:
    """Whether a label stands below the sign, sum_{z_n}: a sum over the components."""
    found = None if node.lower is None else written(node.lower)
    if found is None:
        return False
    key = key_of(found.name)
    if key in reader.vocabulary.labels and len(found.letters) > 1:
        raise NotReadError("a sum over the values of a label", node)
    return key in reader.vocabulary.labels or (key in conventions.LABELS and key not in reader.vocabulary.names)


def _summed(reader: "Reader", node: tree.Big) -> Expr:
    """What is summed; inside a sum over labels, z_n is the number of a component."""
    before = reader.summed_labels
    reader.summed_labels = before or _over_labels(reader, node)
    body = reader.read(node.body)
    reader.summed_labels = before
    return body


def _bound(reader: "Reader", letter: str, node: tree.Big, body: Expr) -> Index:
    free = next((index for index in body.free if index.name == letter.replace("'", "_")), None)
    found = reader.vocabulary.index(letter)
    if free is not None:
        found = free
    upper = node.upper
    if isinstance(upper, tree.Name) and upper.text in reader.vocabulary.sizes:
        size = reader.vocabulary.sizes[upper.text]
        if found is not None and found.size != size:
            raise MisfitError(f"{letter} runs to {found.size}, not to {upper.text}", node, "sum-bound")
        return named(letter, size)
    if found is None:
        raise NotReadError(f"a sum over {letter}, which may run over anything,", node)
    return found


def _guessed(reader: "Reader", body: Expr, node: tree.Big) -> Index:
    """A sum without an index: over the only index it can be."""
    free = sorted(body.free)
    if _over_labels(reader, node):
        free = [index for index in free if index.size == reader.vocabulary.model.component.size]
    if len(free) != 1:
        raise NotReadError("a sum that does not say over what", node)
    return free[0]
