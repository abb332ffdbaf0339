"""The densities of the model at a document's letters: of a component, of the mixture, of labels, at other arguments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.checking.derivations import conventions
from derive.checking.derivations.marks import Marks
from derive.checking.derivations.problems import MisfitError
from derive.checking.derivations.symbols import Written, written
from derive.checking.parsing.tree import Node
from derive.language.expr import Expr, Power, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import exp, inverse, log, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename, substitute

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader


@dataclass(frozen=True)
class DensityAt:
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

    def one_hot(self, *, data: bool, weight: bool) -> Expr:
        """prod_k pi_k^z_nk, prod_k f(x_n | theta_k)^z_nk, or both, at the vector z_n."""
        model, names = self.reader.vocabulary.model, self._names()
        parts = ([log(model.weight)] if weight else []) + ([model.density] if data else [])
        z = Symbol(self.reader.vocabulary.notation.z, (model.sample, model.component))
        return exp(rename(sum_over(model.component, mul(z, add(*parts))), {model.sample: names[model.sample]}))

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
