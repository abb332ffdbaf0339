"""Products, and what looks like one: densities N(x | mu, Sigma), p(z = k | x), objectives L(theta), operators."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.checking.derivations import conventions, densities
from derive.checking.derivations.derivatives import derivative_by
from derive.checking.derivations.problems import NotReadError
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import Written, raised, written
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Fenced, Name, Node, Product
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, add, mul
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader


@dataclass(frozen=True)
class Call:
    """A name before a bracket that is read as a function of what is inside."""

    found: Written
    inside: Node


def product(reader: "Reader", node: Product) -> Expr:
    """Read a product; names that are functions take the bracket behind them, operators all that follows."""
    values: list[Expr] = []
    operators: list[str] = []
    place, factors = 0, node.factors
    while place < len(factors):
        factor = factors[place]
        operator = node.operators[place - 1] if place else ""
        if isinstance(factor, tree.Differentiate) and factor.body is None:
            rest = factors[place + 1 :]
            value, taken = _operator(reader, factor, rest, node.operators[place + 1 :], node), len(rest) + 1
        else:
            if _is_differential(reader, factors, place, node.operators):
                raise NotReadError("a differential", factor)
            value, taken = _factor(reader, factors, place)
        if values:
            operators.append(operator)
        values.append(value)
        place += taken
    return reader.product_of(values, operators)


def _is_differential(reader: "Reader", factors: tuple[Node, ...], place: int, operators: tuple[str, ...]) -> bool:
    """Whether it is the d of d mu or d log|Sigma|, not the number of coordinates."""
    if not is_name(factors[place], "d") or place + 1 == len(factors) or operators[place]:
        return False
    following = factors[place + 1]
    found = written(following)
    parameter = found is not None and reader.vocabulary.key(found.name) in reader.vocabulary.names
    return parameter and not (place and isinstance(factors[place - 1], tree.Number))


def _operator(
    reader: "Reader", factor: tree.Differentiate, rest: tuple[Node, ...], operators: tuple[str, ...], node: Node
) -> Expr:
    """Apply a derivative to all that follows in the product."""
    if not rest:
        raise NotReadError("a derivative of nothing", node)
    body = rest[0] if len(rest) == 1 else Product(rest, operators, start=rest[0].start, end=node.end)
    if factor.order != 1 or len(factor.by) != 1:
        raise NotReadError("a derivative of higher order", factor)
    value = reader.read(body)
    if not value.shape.is_scalar:
        raise NotReadError("the derivative of a vector or matrix", factor)
    return derivative_by(reader, value, factor.by[0], factor)


def _factor(reader: "Reader", factors: tuple[Node, ...], place: int) -> tuple[Expr, int]:
    """Read one factor, or a name together with the bracket behind it; return how many were taken."""
    factor = factors[place]
    following = factors[place + 1] if place + 1 < len(factors) else None
    bracket = following.base if isinstance(following, tree.Scripted) else following
    if isinstance(bracket, Fenced) and bracket.kind in ("(", "[", "{"):
        found = written(factor)
        value = None if found is None else called(reader, Call(found, bracket.body))
        if value is not None:
            if isinstance(following, tree.Scripted):
                assert found is not None  # noqa: S101 - for the type checker
                value = _scripted_call(reader, value, following)
            return value, 2
    return reader.read(factor), 1


def _scripted_call(reader: "Reader", value: Expr, following: tree.Scripted) -> Expr:
    if following.sup is None or following.sub is not None:
        raise NotReadError("what stands below a function's bracket", following)
    return raised(value, reader.read(following.sup), following)


def called(reader: "Reader", call: Call) -> Expr | None:
    """Return the meaning of a name before a bracket where it is a function, None where it is a factor."""
    key, text = key_of(call.found.name), call.found.name.text
    vocabulary = reader.vocabulary
    given = densities.Conditional.of(reader, call.inside)
    if (key in vocabulary.gammas or key in vocabulary.own) and len(call.found.letters) > 1:
        return None
    if text in ("E", "bb:E") or key in ("bb:E", "cal:E"):
        return _expectation(reader, call)
    if key in vocabulary.gammas or text in ("gamma", "r"):
        gamma = _responsibility(reader, call, given)
        if gamma is not None:
            return gamma
    if densities.is_density(key, text, call.found, given, vocabulary):
        return densities.density(reader, call.found, given)
    if key in conventions.OBJECTIVES and key not in vocabulary.names and not call.found.letters:
        return reader.objective(key)
    return None


def _responsibility(reader: "Reader", call: Call, given: "densities.Conditional") -> Expr | None:
    """gamma(z_nk), gamma_k(x_n), gamma_n(k), gamma(n, k), r(z_n = k)."""
    letters = list(call.found.letters)
    inside = [*given.left, *given.right]
    if not inside:
        return None
    for item in inside:
        more = densities.letters_in(reader, item)
        if more is None:
            return None
        letters += [letter for letter in more if letter not in letters]
    model = reader.vocabulary.model
    plates = {reader.vocabulary.plate_of(letter): letter for letter in letters}
    ordered = tuple(plates[size] for size in (model.sample.size, model.component.size) if size in plates)
    return reader.members.responsibility(call.found, ordered)


def _expectation(reader: "Reader", call: Call) -> Expr:
    """E[z_nk] is the responsibility; of another formula, that with labels replaced."""
    inside = call.inside
    if isinstance(inside, tree.Given):
        inside = inside.left
    found = written(inside)
    if found is not None and (key_of(found.name) in reader.vocabulary.labels or found.name.text == "z"):
        return reader.members.responsibility(found, _in_order(reader, found))
    value = reader.read(inside)
    notation = reader.vocabulary.notation
    component = [index for index in value.free if index.size == notation.k.size]
    if len(component) == 1 and not value.contains(lambda part: isinstance(part, Symbol) and part.family == notation.z):
        return _over_numbers(value, component[0], notation)  # z_n is the number of a component
    return labels_to_gamma(reader, value)


def _over_numbers(value: Expr, component: Index, notation: Notation) -> Expr:
    """E of what depends on the numbers of components, sample by sample: sum_k gamma_nk of it."""
    if isinstance(value, Sum) and value.index.size == notation.n.size:
        gamma = Symbol(notation.gamma, (value.index, component))
        return sum_over(value.index, sum_over(component, mul(gamma, value.body)))
    if isinstance(value, Add):
        return add(*(_over_numbers(term, component, notation) for term in value.terms))
    samples = [index for index in value.ordered_free if index.size == notation.n.size]
    if component not in value.free or len(samples) != 1:
        return value
    return sum_over(component, mul(Symbol(notation.gamma, (samples[0], component)), value))


def _in_order(reader: "Reader", found: Written) -> tuple[str, ...]:
    sample = reader.vocabulary.model.sample.size
    return tuple(sorted(found.letters, key=lambda letter: reader.vocabulary.plate_of(letter) != sample))


def labels_to_gamma(reader: "Reader", value: Expr) -> Expr:
    """Replace labels z_nk by their expectation."""
    notation = reader.vocabulary.notation
    if isinstance(value, Symbol) and value.family == notation.z:
        return Symbol(notation.gamma, value.indices)
    return value.map(lambda child: labels_to_gamma(reader, child))


def is_name(node: Node, *texts: str) -> bool:
    """Whether a node is one of these names."""
    return isinstance(node, Name) and node.text in texts
