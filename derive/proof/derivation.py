"""A derivation: its steps in sections, and the equations in it that generated code computes."""

from dataclasses import dataclass

from derive.language.domain import Domain
from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.proof.step import Assumption, Step


@dataclass(frozen=True)
class NewtonSystem:
    """What Newton's method climbs at fixed indices, and its Hessian.

    hessian: of unknowns without indices of their own, all entries row by row; of one with a further index d, the
    diagonal matrix and the rest, whose entries carry d and a further index over the same plate.
    """

    part: Expr
    hessian: tuple[Expr, ...]


@dataclass(frozen=True)
class UpdateEquation:
    """target = value: an equation to be computed, and the number of the step that states it.

    previous: parameters whose previous values stand in ``value`` (coordinate updates), empty for a closed update.
    assumptions: what it needs, such as N_k > 0. kind: "closed" or "root" (found numerically). argument: what shows
    that it is the maximum: "concave", "unique root" (the slope falls through it), "profile" (so does the slope of the
    largest Q over an eliminated parameter).
    """

    target: Symbol
    value: Expr
    number: int
    previous: tuple[Symbol, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    kind: str = "closed"
    argument: str = "concave"
    system: NewtonSystem | None = None


@dataclass(frozen=True)
class Section:
    """Steps that belong together, such as the M-step for one parameter; ``others`` are solved for together with it."""

    title: str
    steps: tuple[Step, ...]
    words: str = ""
    parameter: Symbol | None = None
    others: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Origin:
    """What statistics are taken about: the value of a formula of the parameters at hand, and another such value."""

    value: Expr
    origin: Family
    other: Family


@dataclass(frozen=True)
class Statistics:
    """The sums over samples that the updates need; those of two blocks of data add up where their origins agree.

    sums: each statistic's symbol and what it is. moved: the same about the other origin, in terms of those about the
    first. origins: empty where nothing is shifted. updates: in terms of the statistics, in the order of the M-step.
    """

    sums: tuple[UpdateEquation, ...]
    moved: tuple[UpdateEquation, ...]
    origins: tuple[Origin, ...]
    updates: tuple[UpdateEquation, ...]


@dataclass(frozen=True)
class Feature:
    """What of a sample the log joint is linear in, and by what it is multiplied there.

    core: a scalar, vector or matrix, possibly one for each index of a plate. domain: which such values it has, such as
    symmetric matrices. natural: the natural parameter, of the same shape; None for what only a statistic needs.
    """

    core: Expr
    domain: Domain
    natural: UpdateEquation | None


@dataclass(frozen=True)
class Gathered:
    """A statistic about the origin zero: the sum of a feature over the samples, with the responsibilities' weight.

    shared: of a shared feature, and without that weight. place: of the feature among those of its kind.
    """

    target: Symbol
    number: int
    place: int
    shared: bool = False


@dataclass(frozen=True)
class Features:
    """The log joint as natural parameters times features of the data; see Statistics for what else an update needs.

    joint: the number of the step that says so. varying: those whose natural parameters differ between components; the
    first is 1. shared: those whose natural parameters do not, which cancel in the responsibilities. gathered: each
    statistic in terms of them. located: the parameter that moves with the data, where the density depends on their
    difference only, and the number of the step that proves it; None for other models.
    """

    joint: int
    varying: tuple[Feature, ...]
    shared: tuple[Feature, ...]
    gathered: tuple[Gathered, ...]
    located: UpdateEquation | None = None


@dataclass(frozen=True)
class Derivation:
    """All of EM for one model, in textbook order.

    families: weights, then the other parameters in the order of their updates, then data and known constants.
    log_joint: l_nk = log pi_k + log f(x_n | theta_k). responsibilities: gamma_nk in terms of l_nk. log_likelihood: in
    terms of l_nk. updates: one equation a parameter, in the order in which the M-step computes them. objective: what EM
    never lowers; the log-likelihood itself, or with a prior the log-posterior up to a constant. log_prior: the prior's
    log density up to a constant, None without a prior. sample_weights: how many equal samples each one stands for, if
    the model says so. statistics: what of the data the updates need, for an exponential family; None for the others,
    and why_no_statistics says the reason. features: the same family's features, by which E-step and statistics are
    matrix products; None where they were not found. origin: how the command line names the model where ``model`` is not
    what it was loaded by: ``gaussian-full --tie Sigma``. moments: posterior means of a latent variable and of its
    logarithm in terms of the parameters; an M-step takes them at the previous parameters and holds them fixed; starts:
    what they are in an M-step that has no previous parameters.
    """

    model: str
    summary: str
    families: tuple[Family, ...]
    sections: tuple[Section, ...]
    log_joint: UpdateEquation
    responsibilities: UpdateEquation
    log_likelihood: UpdateEquation
    updates: tuple[UpdateEquation, ...]
    objective: UpdateEquation
    log_prior: UpdateEquation | None = None
    sample_weights: Family | None = None
    statistics: Statistics | None = None
    why_no_statistics: str = ""
    features: Features | None = None
    origin: str = ""
    moments: tuple[UpdateEquation, ...] = ()
    starts: tuple[UpdateEquation, ...] = ()

    @property
    def objective_name(self) -> str:
        """The objective in words: "log-likelihood", or with a prior "log-posterior" (up to a constant)."""
        return "log-likelihood" if self.log_prior is None else "log-posterior"

    @property
    def other_components(self) -> int:
        """How many components have a density of their own."""
        return self.responsibilities.target.indices[1].size.more

    @property
    def named_components(self) -> int:
        """The highest number of a component that is named because its member is fixed or tied; 0 if none is."""
        return max((binding.number for family in self.families for binding in family.bindings), default=0)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, by number."""
        return tuple(step for section in self.sections for step in section.steps)

    def step(self, number: int) -> Step:
        """Return the step with this number."""
        return next(step for step in self.steps if step.number == number)
