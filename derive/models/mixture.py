"""What a mixture model is: weights and the log density of one sample in one component."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.errors import ModelError
from derive.language.declarations import note
from derive.language.domain import AtLeast, Simplex
from derive.language.expr import Expr, as_expr
from derive.language.family import Family, Role, Symbol
from derive.language.functions import log
from derive.language.index import ONE, Extent, Index
from derive.language.operand import Operand
from derive.language.width import with_widths
from derive.models.checks import (
    check_free,
    check_latent,
    check_plates,
    check_prior,
    check_sample_weights,
    check_size,
    check_symbols,
)
from derive.models.others import check_others, density_of_all, regular_plate


@dataclass(frozen=True)
class Mixture:
    """A mixture model p(x_n) = sum_k pi_k f(x_n | theta_k), described by log f and nothing else.

    name: kebab-case. weights: the family of the mixing weights pi_k (a Parameter with domain Simplex, or Known).
    log_density: the log density of x_n in component k, in nats. summary: one line on what it is. log_prior: the log
    density of the parameters, up to a constant that no parameter enters: a formula in parameters and known constants,
    summed over the components (see ``derive.models.priors``); EM then finds the mode of the posterior.
    sample_weights: known numbers w_n, row n standing for w_n equal samples (see ``derive.models.changes.weights``).
    weights_value: a formula in sizes that fixes the weights, such as 1 / K; ``weights`` is then only their name.
    latent: a positive number u that nobody observes, one for each sample (Latent("u", domain=Positive)); log_density is
    then the log density of x_n and u together in component k, a + b log(u) - c u in u, and u is integrated out.
    others: log densities of further components, each one of its own: the weights then run over ``Index("j", "K + 1")``,
    the first K of them those of ``log_density`` (see ``derive.models.others``).
    origin: how the command line names the model, where changes made it: ``gaussian-full --tie Sigma``.
    place: where the model stands, for messages: ``my_model.py, line 7``. declared: where its symbols are, by name.
    """

    name: str
    weights: Family
    log_density: Expr
    summary: str = ""
    log_prior: Expr | None = None
    sample_weights: Family | None = None
    weights_value: Expr | None = None
    latent: Family | None = None
    origin: str = ""
    others: tuple[Expr, ...] = ()
    place: str = field(default="", compare=False)
    declared: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check that the description makes sense."""
        if not isinstance(self.name, str) or not self.name.replace("-", "_").isidentifier():
            raise ModelError(
                f"{self.name!r} cannot name a model: use letters, digits and hyphens, as in 'gaussian-full'"
            )
        if not isinstance(self.weights, Family) or len(self.weights.indices) != 1:
            raise ModelError(
                f"{self.name}: weights must be a family over the components, as in Parameter('pi', k, domain=Simplex)"
            )
        if not isinstance(self.weights.domain, Simplex):
            raise ModelError(f"{self.name}: the weights {self.weights} need domain=Simplex, so that they sum to one")
        if not isinstance(self.log_density, Operand):
            raise ModelError(
                f"{self.name}: log_density is {self.log_density!r}, not a formula in the symbols of the model"
            )
        check_size(self.name, as_expr(self.log_density.plus(0)))
        object.__setattr__(self, "log_density", with_widths(self.log_density.plus(0)))
        check_others(self.name, self.weights, self.log_density, self.others)
        object.__setattr__(self, "others", tuple(with_widths(other.plus(0)) for other in self.others))
        if self.log_prior is not None:
            if not isinstance(self.log_prior, Operand):
                raise ModelError(
                    f"{self.name}: log_prior is {self.log_prior!r}, not a formula in the symbols of the model"
                )
            object.__setattr__(self, "log_prior", self.log_prior.plus(0))
            declared = (*_mentioned(self.weight), *_mentioned(self.log_density))
            check_prior(self.name, self.log_prior, _mentioned(self.log_prior), declared)
        if self.sample_weights is not None:
            check_sample_weights(self.name, self.sample_weights, self.sample)
        check_symbols(self.name, self.log_density, self.families)
        if self.latent is not None and self.others:
            raise ModelError(f"{self.name}: with a latent variable, all components have one log density: no others")
        check_latent(self.name, self.latent, self.families)
        for density in (self.log_density, *self.others):
            check_free(self.name, density, self.sample, self.regular)
        check_plates(self.name, self.sample, self.component, self.families)
        note(self)

    @property
    def named(self) -> str:
        """The model's name, and before it where it stands, for messages."""
        return f"{self.place}: {self.name}" if self.place else self.name

    def about(self, family: Family) -> str:
        """Where to look for what is said of a parameter; nothing where the model stands in no file."""
        if not self.place:
            return ""
        where = self._line(family.name)
        return f"{self.named}, parameter {family.name}{f' ({where})' if where else ''}: "

    def _line(self, name: str) -> str:
        """The line that declares a symbol; its file only where that is another one than the model's."""
        return self.declared.get(name, "").removeprefix(self.place.rpartition(", line ")[0] + ", ")

    def lines_of(self, expr: Expr) -> str:
        """Return where the symbols in an expression are declared, in brackets; nothing where that is not known."""
        names = dict.fromkeys(family.name for family in _mentioned(expr))
        lines = [f"{name} is declared in {self._line(name)}" for name in names if name in self.declared]
        return f" ({', '.join(lines)})" if lines else ""

    @property
    def families(self) -> tuple[Family, ...]:
        """All families: weights first, then in the order in which the density mentions them, then the others."""
        prior = [] if self.log_prior is None else _mentioned(self.log_prior)
        prior += [] if self.sample_weights is None else [self.sample_weights]
        densities = [family for density in (self.log_density, *self.others) for family in _mentioned(density)]
        found = dict.fromkeys((*_mentioned(self.weight), *densities, *prior))
        found |= dict.fromkeys(bound for family in found if (bound := _bound(family)) is not None)
        return tuple(found)

    @property
    def weight(self) -> Expr:
        """The weight of a component, pi_k or the formula that fixes it."""
        return self.weights[self.component] if self.weights_value is None else self.weights_value

    @property
    def parameters(self) -> tuple[Family, ...]:
        """The families to estimate, weights first."""
        return tuple(family for family in self.families if family.role is Role.PARAMETER)

    @property
    def knowns(self) -> tuple[Family, ...]:
        """The known constants."""
        return tuple(family for family in self.families if family.role is Role.KNOWN)

    @property
    def data(self) -> Family:
        """The observed family."""
        return next(family for family in self.families if family.role is Role.DATA)

    @property
    def sample_weight(self) -> Expr:
        """w_n, how often row n counts: 1 where nothing else is said."""
        return as_expr(1) if self.sample_weights is None else self.sample_weights[self.sample]

    @property
    def sample(self) -> Index:
        """The plate of the samples, n."""
        return self.data.indices[0]

    @property
    def component(self) -> Index:
        """The plate of all components, k."""
        return self.weights.indices[0]

    @property
    def regular(self) -> Index:
        """The plate of the components that share the density: that of all, unless there are others."""
        return regular_plate(self.log_density, self.weights, self.sample)

    @property
    def density(self) -> Expr:
        """The log density of a sample in a component, by cases where there are others."""
        return density_of_all(self.log_density, self.regular, self.component, self.others)

    @property
    def extents(self) -> tuple[Extent, ...]:
        """All abstract sizes: N, K, then other plates and dimensions in order of appearance."""
        plates = [self.sample.size, self.component.size.base]
        plates += [index.size.base for family in self.families for index in family.indices]
        sides = [side for family in self.families for side in (family.shape.rows, family.shape.cols) if side != ONE]
        return tuple(dict.fromkeys(plates + sides))

    @property
    def log_joint(self) -> Expr:
        """log pi_k + log f(x_n | theta_k)."""
        return log(self.weight) + self.density


def _mentioned(expr: Expr) -> list[Family]:
    if isinstance(expr, Symbol):
        values = [binding.offset for binding in expr.family.bindings]
        return [expr.family, *(family for value in values for family in _mentioned(value))]
    return [family for child in expr.children for family in _mentioned(child)]


def _bound(family: Family) -> Family | None:
    """Return the known family that bounds a parameter, which need not stand in the density."""
    bounded = family.role is Role.PARAMETER and isinstance(family.domain, AtLeast)
    bound = family.domain.bound if bounded else None  # type: ignore[attr-defined]
    return bound if isinstance(bound, Family) else None
