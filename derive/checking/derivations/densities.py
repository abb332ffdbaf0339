"""Densities: which one p(. | .) means, by what stands left and right of the bar; N(x | mu, Sigma) at its arguments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.checking.derivations import conventions
from derive.checking.derivations.density_at import DensityAt
from derive.checking.derivations.problems import NotReadError
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import Written, written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.language.expr import Expr, mul
from derive.language.family import Role
from derive.language.functions import exp, log, sum_over
from derive.language.index import Index

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader

ALL_DATA = ("X", "D", "cal:D", "cal:X", "Y", "cal:Y", "bb:X")
ALL_LABELS = ("Z", "cal:Z")


@dataclass(frozen=True)
class Conditional:
    """What stands left and right of a bar or semicolon, piece by piece."""

    left: tuple[Node, ...]
    right: tuple[Node, ...]

    @classmethod
    def of(cls, reader: "Reader", node: Node) -> "Conditional":
        """Split what stands in a bracket."""
        del reader
        if isinstance(node, tree.Given):
            return cls(_items(node.left), _items(node.right))
        return cls(_items(node), ())


def _items(node: Node) -> tuple[Node, ...]:
    match node:
        case tree.Items(items=items):
            return tuple(piece for item in items for piece in _items(item))
        case tree.Given(left=left, right=right):
            return (*_items(left), *_items(right))
        case tree.Fenced(kind="(" | "{", body=body):
            return _items(body)
    return (node,)


def letters_in(reader: "Reader", node: Node) -> tuple[str, ...] | None:
    """Return the index letters of a label, a sample or a bare index; None for anything else."""
    match node:
        case tree.Compared(left=left, right=right):
            first, second = letters_in(reader, left), letters_in(reader, right)
            if isinstance(right, tree.Number):
                return first
            return None if first is None or second is None else first + second
        case tree.Name(text=text) if text in reader.vocabulary.plates:
            return (text,)
    found = written(node)
    if found is None:
        return None
    key = reader.vocabulary.key(found.name)
    names = reader.vocabulary.names
    is_data = key in names and names[key].family.role is Role.DATA
    if is_data or key in reader.vocabulary.labels or key in conventions.LABELS:
        return found.letters if not is_data else found.letters[:1]
    return None


@dataclass(frozen=True)
class _Kind:
    """What a piece is about. sample, component: letters. role: data, all-data, label, all-labels, parameter, all."""

    role: str
    letters: tuple[str, ...] = ()


def _kind(reader: "Reader", node: Node) -> _Kind:  # noqa: C901 - one case a kind
    vocabulary = reader.vocabulary
    if isinstance(node, tree.Compared):
        sample = _kind(reader, node.right) if node.relation == "=" else None
        if sample is not None and sample.role == "data":
            return sample
        letters = letters_in(reader, node) or ()
        return _Kind("label", tuple(letter for letter in letters if letter in vocabulary.plates))
    if isinstance(node, tree.Name) and node.text in vocabulary.plates and node.text not in vocabulary.names:
        of_sample = vocabulary.plate_of(node.text) == vocabulary.model.sample.size  # p(k | n) is given x_n
        return _Kind("data" if of_sample else "label", (node.text,))
    found = written(node)
    if found is None:
        return _Kind("parameter")
    key = vocabulary.key(found.name)
    if key in vocabulary.names:
        family = vocabulary.names[key].family
        if family.role is Role.DATA:
            letters = found.letters
            if found.high.letters:
                letters = tuple(letter.strip("()") for letter in found.high.letters)
            return _Kind("data", letters[:1])
        return _Kind("parameter", found.letters)
    if key in ALL_DATA and not found.letters:
        return _Kind("all-data")
    if key in ALL_LABELS and not found.letters:
        return _Kind("all-labels")
    if key in conventions.ALL_PARAMETERS:
        return _Kind("parameter", found.letters)
    if key in vocabulary.labels or key in conventions.LABELS:
        return _Kind("label", found.letters)
    return _Kind("parameter", found.letters)


def is_density(key: str, text: str, found: Written, given: Conditional, vocabulary: Vocabulary) -> bool:
    """Whether a name before a bracket is a density."""
    if text in conventions.NAMED_DENSITIES and found.name.word:
        return True
    if key not in conventions.DENSITIES:
        return False
    if key in vocabulary.names and not given.right:
        first = written(given.left[0]) if given.left else None
        meant = None if first is None else vocabulary.names.get(key_of(first.name))
        return not found.letters and meant is not None and meant.family.role is Role.DATA
    return True


def density(reader: "Reader", found: Written, given: Conditional) -> Expr:  # noqa: C901 - one case a density
    """Return the density that is meant."""
    left = [_kind(reader, node) for node in given.left]
    right = [_kind(reader, node) for node in given.right]
    roles, conditions = {kind.role for kind in left}, {kind.role for kind in right}
    notation = reader.vocabulary.notation
    if "all-data" in roles:
        if "all-labels" in roles:
            return exp(_of_labels(reader, reader.vocabulary.model.log_joint))
        if conditions & {"all-labels", "label"}:
            return exp(_of_labels(reader, reader.vocabulary.model.density))
        return exp(_likelihood(reader))
    if roles == {"all-labels"} and "all-data" not in conditions:
        return exp(_of_labels(reader, log(reader.vocabulary.model.weight)))
    if roles == {"all-labels"}:
        raise NotReadError("the density of all labels given the data", found.node)
    component = _letter(reader, [*left, *right], reader.vocabulary.model.component, ("label",)) or _letter(
        reader, right, reader.vocabulary.model.component, ("parameter",)
    )
    own = found.low.letters
    if component is None and own and reader.vocabulary.plate_of(own[0]) == notation.k.size:
        component = own[0]
    sample = _letter(reader, [*left, *right], reader.vocabulary.model.sample, ("data", "label", "parameter"))
    at = DensityAt(reader, sample, component, found)
    explicit = [node for node, kind in zip(given.right, right, strict=True) if kind.role == "parameter"]
    if not given.right and len(given.left) > 1 and "data" in roles:
        explicit = list(given.left[1:]) if all(kind.role == "parameter" for kind in left[1:]) else []
    vectors = [kind for kind in (*left, *right) if kind.role == "label"] and reader.vocabulary.one_hot
    if vectors and component is None and not reader.summed_labels and not (roles == {"label"} and "data" in conditions):
        return at.one_hot(data="data" in roles, weight="label" in roles)
    if "data" in roles:
        if "label" in roles:
            return mul(at.weight, exp(at.log_density))
        if component is None and "label" not in conditions and not _named_density(found, given, explicit, reader):
            return at.marginal
        return exp(at.with_arguments(explicit))
    if "label" in roles:
        return at.posterior if "data" in conditions else at.weight
    raise NotReadError("which density is meant", found.node)


def _named_density(found: Written, given: Conditional, explicit: list[Node], reader: "Reader") -> bool:
    """Whether it is the density of a component by its form: N(x | mu, Sigma) without indices."""
    del given
    if found.name.text in conventions.NAMED_DENSITIES or reader.vocabulary.key(found.name) in ("N", "cal:N"):
        return True
    kinds = [written(node) for node in explicit]
    names = {key_of(kind.name) for kind in kinds if kind is not None}
    weights = {
        name for name, meaning in reader.vocabulary.names.items() if meaning.family == reader.vocabulary.model.weights
    }
    families = {meaning.family for name, meaning in reader.vocabulary.names.items() if name in names}
    return bool(families) and not names & weights


def _letter(reader: "Reader", kinds: list[_Kind], plate: Index, roles: tuple[str, ...]) -> str | None:
    for kind in kinds:
        if kind.role in roles:
            for letter in kind.letters:
                if reader.vocabulary.plate_of(letter) == plate.size:
                    return letter
    return None


def _likelihood(reader: "Reader") -> Expr:
    notation = reader.vocabulary.notation
    return notation.over_samples(log(sum_over(notation.k, exp(reader.vocabulary.model.log_joint))))


def _of_labels(reader: "Reader", log_value: Expr) -> Expr:
    """sum_n sum_k z_nk log(...): what is known of all samples once their labels are."""
    notation = reader.vocabulary.notation
    return notation.over_samples_and_components(notation.z.symbol * log_value)
