"""Densities: which one p(. | .) means, by what stands left and right of the bar; N(x | mu, Sigma) at its arguments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.checking.derivations import conventions
from derive.checking.derivations.marks import Marks
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.survey import key_of
from derive.checking.derivations.symbols import Written, written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.language.expr import Expr, Power, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import exp, inverse, log, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename, substitute

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
        return _Kind("label", (node.text,))
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
            return exp(_complete(reader))
        if conditions & {"all-labels", "label"}:
            raise NotReadError("the density of all data given their labels", found.node)
        return exp(_likelihood(reader))
    if roles == {"all-labels"}:
        raise NotReadError("the density of all labels", found.node)
    component = _letter(reader, [*left, *right], reader.vocabulary.model.component, ("label",)) or _letter(
        reader, right, reader.vocabulary.model.component, ("parameter",)
    )
    own = found.low.letters
    if component is None and own and reader.vocabulary.plate_of(own[0]) == notation.k.size:
        component = own[0]
    sample = _letter(reader, [*left, *right], reader.vocabulary.model.sample, ("data", "label", "parameter"))
    at = _At(reader, sample, component, found)
    explicit = [node for node, kind in zip(given.right, right, strict=True) if kind.role == "parameter"]
    if not given.right and len(given.left) > 1 and "data" in roles:
        explicit = list(given.left[1:]) if all(kind.role == "parameter" for kind in left[1:]) else []
    if "data" in roles:
        if "label" in roles:
            return mul(at.weight, exp(at.log_density))
        if component is None and not _named_density(found, given, explicit, reader):
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


def _complete(reader: "Reader") -> Expr:
    notation = reader.vocabulary.notation
    return notation.over_samples_and_components(notation.z.symbol * reader.vocabulary.model.log_joint)


@dataclass(frozen=True)
class _At:
    """Densities of the model at a document's letters for the sample and the component."""

    reader: "Reader"
    sample: str | None
    component: str | None
    found: Written

    def _names(self) -> dict[Index, Index]:
        model, members = self.reader.vocabulary.model, self.reader.members
        found = self.found.node
        n = members.index(self.sample, model.sample.size, found) if self.sample else members.implied(model.sample)
        k = members.index(self.component, model.component.size, found) if self.component else None
        return {model.sample: n, model.component: members.implied(model.component) if k is None else k}

    @property
    def log_density(self) -> Expr:
        """log f(x_n | theta_k)."""
        return rename(self.reader.vocabulary.model.density, self._names())

    @property
    def weight(self) -> Expr:
        """pi_k."""
        return rename(self.reader.vocabulary.model.weight, self._names())

    @property
    def marginal(self) -> Expr:
        """sum_k pi_k f(x_n | theta_k)."""
        model = self.reader.vocabulary.model
        names = self._names()
        body = mul(model.weight, exp(model.density))
        return rename(sum_over(model.component, body), {model.sample: names[model.sample]})

    @property
    def posterior(self) -> Expr:
        """pi_k f(x_n | theta_k) over their sum."""
        return mul(self.weight, exp(self.log_density), inverse(self.marginal))

    def with_arguments(self, nodes: list[Node]) -> Expr:
        """log f at the arguments that are written, such as N(x | mu_j, 2 Sigma_k)."""
        value = self.log_density
        left = [f for f in self._families() if f.role is Role.PARAMETER]
        knowns = [f for f in self._families() if f.role is Role.KNOWN]
        for node in nodes:
            found = written(node)
            if found is not None and self.reader.vocabulary.key(found.name) in conventions.ALL_PARAMETERS:
                meaning = self.reader.vocabulary.names.get(self.reader.vocabulary.key(found.name))
                if meaning is None:
                    continue  # theta_k: all parameters of the component
            if found is not None and self._all_of(found):
                continue
            argument = self.reader.read(node)
            family = next((f for f in (*left, *knowns) if self._takes(f, argument)), None)
            if family is None:
                if found is None or self.reader.vocabulary.key(found.name) not in self.reader.vocabulary.names:
                    raise MisfitError("an argument that the density does not have", node, "arguments")
                continue
            (left if family in left else knowns).remove(family)
            argument = self._squared(family, argument)
            names = self._names()
            at = Symbol(family, tuple(names.get(index, index) for index in family.indices))
            if argument != at:
                value = substitute(value, Symbol(family, at.indices), argument)
        return value

    def _all_of(self, found: Written) -> bool:
        """Whether a parameter is written without its index: mu for all mu_k."""
        meaning = self.reader.vocabulary.names.get(self.reader.vocabulary.key(found.name))
        bare = not found.letters and found.high == Marks()
        return bare and meaning is not None and bool(meaning.family.indices)

    @staticmethod
    def _squared(family: Family, argument: Expr) -> Expr:
        """A standard deviation where the density has a variance: N(x | mu, sigma)."""
        root = isinstance(argument, Power) and argument.base == Symbol(family, getattr(argument.base, "indices", ()))
        return argument.base if isinstance(argument, Power) and root else argument

    def _families(self) -> list[Family]:
        model = self.reader.vocabulary.model
        weights = () if model.weights in _symbols(model.density) else (model.weights,)
        return [f for f in model.families if f.role in (Role.PARAMETER, Role.KNOWN) and f not in weights]

    @staticmethod
    def _takes(family: Family, argument: Expr) -> bool:
        inside = argument.base if isinstance(argument, Power) else argument
        if isinstance(inside, Symbol) and inside.family.role in (Role.PARAMETER, Role.KNOWN):
            return inside.family.name.removesuffix("_old") == family.name
        return argument.shape == family.shape


def _symbols(expr: Expr) -> frozenset[object]:
    """The families in a formula."""
    return frozenset((expr.family,)) if isinstance(expr, Symbol) else frozenset().union(*map(_symbols, expr.children))
