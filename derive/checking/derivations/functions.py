"""Functions and brackets: log, exp, det, tr, diag, ||, and entries of what stands in brackets."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from derive.checking.derivations import conventions
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.language.entrywise import DiagonalOf, entry
from derive.language.expr import Expr, as_expr, mul
from derive.language.functions import diagonal_part, exp, log, logdet, sqrt, trace
from derive.language.index import Index
from derive.language.rewrite import rename
from derive.language.special import absolute, digamma, log_binomial, log_factorial, loggamma, trigamma

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader


def applied(reader: "Reader", node: tree.Apply) -> Expr:
    """Read a function with its argument."""
    name = node.function.text
    if name == "binom":
        if not isinstance(node.argument, tree.Items) or len(node.argument.items) != 2:
            raise NotReadError("a binomial coefficient of two numbers is needed", node)
        above, below = (reader.scalar(item, "a binomial coefficient") for item in node.argument.items)
        return exp(log_binomial(above, below))
    rule = RULES.get(name)
    if rule is None:
        raise NotReadError(f"the function {name}", node)
    value = rule(reader, node.argument)
    if node.power is None:
        return value
    return value ** reader.scalar(node.power, "an exponent")


def _scalar(name: str, function: Callable[[Expr], Expr]) -> "Callable[[Reader, Node], Expr]":
    return lambda reader, node: function(reader.scalar(node, name))


def _log(reader: "Reader", node: Node) -> Expr:
    return expanded_log(reader.scalar(node, "the logarithm"), node)


def expanded_log(value: Expr, node: Node) -> Expr:
    """Return the logarithm; of zero or less it has no value."""
    if value == as_expr(0):
        raise MisfitError("the logarithm of zero", node)
    return log(value)


def _determinant(reader: "Reader", node: Node) -> Expr:
    value = reader.read(node)
    if not (value.shape.is_square or value.shape.is_scalar):
        raise MisfitError(f"the determinant of what is {value.shape}", node, "shapes")
    return exp(logdet(value))


def _trace(reader: "Reader", node: Node) -> Expr:
    value = reader.read(node)
    if not (value.shape.is_square or value.shape.is_scalar):
        raise MisfitError(f"the trace of what is {value.shape}", node, "shapes")
    return trace(value)


def _diagonal(reader: "Reader", node: Node) -> Expr:
    value = reader.read(node)
    if value.shape.is_column:
        return DiagonalOf(value)
    if value.shape.is_square:
        return diagonal_part(value)
    return value


RULES: "dict[str, Callable[[Reader, Node], Expr]]" = {
    "log": _log,
    "ln": _log,
    "exp": _scalar("exp", exp),
    "sqrt": _scalar("a root", sqrt),
    "det": _determinant,
    "tr": _trace,
    "Tr": _trace,
    "trace": _trace,
    "Trace": _trace,
    "diag": _diagonal,
    "Gamma": _scalar("the gamma function", lambda value: exp(loggamma(value))),
    "lgamma": _scalar("the gamma function", loggamma),
    "digamma": _scalar("digamma", digamma),
    "psi": _scalar("digamma", digamma),
    "trigamma": _scalar("trigamma", trigamma),
    "factorial": _scalar("a factorial", lambda value: exp(log_factorial(value))),
}


def fenced(reader: "Reader", node: tree.Fenced) -> Expr:
    """Read what stands in brackets or between bars."""
    if node.kind == "||":
        value = reader.read(node.body)
        return absolute(value) if value.shape.is_scalar else sqrt(mul(value.transposed(), value))
    if node.kind == "|":
        value = reader.read(node.body)
        if value.shape.is_scalar:
            return value if value.positive else absolute(value)
        if value.shape.is_square:
            return exp(logdet(value))
        return sqrt(mul(value.transposed(), value))
    if node.kind == "<":
        raise NotReadError("angle brackets", node)
    return reader.read(node.body)


def entry_of(reader: "Reader", value: Expr, letters: tuple[str, ...], node: Node) -> Expr:
    """Read [..]_d and [..]_{ij}."""
    sides = (value.shape.rows, value.shape.cols)
    if len(letters) > 2 or value.shape.is_scalar:
        raise NotReadError("an index of what stands in brackets", node)
    indices = [reader.members.index(letter, side, node) for letter, side in zip(letters, sides, strict=False)]
    if len(indices) == 1 and value.shape.is_square:
        indices *= 2
    return entry(value, *indices)


def renamed(value: Expr, old: tuple[str, ...], new: tuple[str, ...]) -> Expr:
    """Return a definition's value with other index letters."""
    names: dict[Index, Index] = {}
    for was, now in zip(old, new, strict=True):
        index = next((index for index in value.free if index.name == was.replace("'", "_")), None)
        if index is not None and was != now:
            names[index] = Index(now.replace("'", "_"), index.size)
    return rename(value, names) if names else value


def is_constant(reader: "Reader", node: Node) -> bool:
    """Whether a term is only said to be constant."""
    match node:
        case tree.Name(text=text, word=word) | tree.Scripted(base=tree.Name(text=text, word=word)):
            unknown = text not in reader.vocabulary.names and text not in reader.definitions
            known_size = text in reader.vocabulary.sizes
            letter = text in "Cc" and not word and not known_size
            return text.lower() in conventions.CONSTANTS or (letter and unknown)
        case tree.Product(factors=factors):
            return all(isinstance(f, tree.Name) and f.word for f in factors) and any(
                is_constant(reader, f) for f in factors
            )
        case tree.Fenced(body=body):
            return is_constant(reader, body)
    return False
