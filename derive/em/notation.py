"""The symbols that EM adds to a model: responsibilities, labels, the multipliers, and the log joint."""

from dataclasses import dataclass

from derive.em.components import apart
from derive.errors import ModelError
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr, as_expr
from derive.language.family import Family, Role, Symbol
from derive.language.functions import exp, log, sum_over
from derive.language.index import Extent, Index, Shape
from derive.models.mixture import Mixture

SPELLED = {"lam": "lambda", "lamda": "lambda", "eps": "epsilon"}
_LETTERS = "alpha beta gamma delta epsilon zeta eta theta kappa mu nu xi rho sigma tau phi chi psi omega"
GREEK = frozenset(_LETTERS.split())


@dataclass(frozen=True)
class _Name:
    spelled: str
    latex: str


@dataclass(frozen=True)
class Notation:
    """A model with the symbols of its EM algorithm."""

    model: Mixture

    @property
    def n(self) -> Index:
        """The plate of the samples."""
        return self.model.sample

    @property
    def k(self) -> Index:
        """The plate of the components."""
        return self.model.component

    @property
    def density_words(self) -> str:
        """What the log density of a sample in a component is, in words."""
        return "log density of a sample in a component, as given"

    @property
    def gamma(self) -> Family:
        """Responsibilities gamma_nk = p(k | x_n), which sum to one over k."""
        return Family(self._unused("gamma", "r", "h"), Role.RESPONSIBILITY, (self.n, self.k), code="responsibilities")

    @property
    def q(self) -> Family:
        """Any distribution q_nk over the labels of each sample."""
        return Family(self._unused("q", "rho", "w"), Role.RESPONSIBILITY, (self.n, self.k))

    @property
    def z(self) -> Family:
        """Labels: z_nk is 1 where sample n comes from component k, 0 elsewhere."""
        return Family(self._unused("z", "c", "u"), Role.LATENT, (self.n, self.k))

    @property
    def ell(self) -> Family:
        """The log joint density l_nk = log pi_k + log f(x_n | theta_k)."""
        return Family(self._unused("l", "ell"), Role.LATENT, (self.n, self.k), latex=r"\ell", code="log_p")

    @property
    def total(self) -> Family:
        """The log-likelihood of all data, as what code returns."""
        return Family("log_likelihood", Role.LATENT, latex=self._named().latex, code="log_likelihood")

    @property
    def nu(self) -> Family:
        """Multiplier of the constraint that q_nk sums to one over k, one a sample."""
        return Family(self._unused("nu", "eta", "kappa"), Role.MULTIPLIER, (self.n,))

    def lagrange(self, family: Family) -> Family:
        """Multiplier of the constraint on a simplex parameter: one for each of its sums."""
        return Family(self._unused("lambda", "eta", "xi"), Role.MULTIPLIER, family.indices[:-1])

    def lagrange_of_member(self, family: Family) -> Family:
        """Multiplier of the constraint on each member of a parameter."""
        return Family(self._unused("lambda", "eta", "xi"), Role.MULTIPLIER, family.indices)

    def bounding(self, family: Family) -> tuple[Family, Family]:
        """Multipliers of the constraints that a parameter is not below, and not above, an end of its domain."""
        first = self._unused("nu", "kappa", "eta")
        names = (first, self._unused(*(name for name in ("xi", "eta", "zeta") if name != first)))
        lower, upper = (Family(name, Role.MULTIPLIER, family.indices) for name in names)
        return lower, upper

    def probe(self, length: Extent) -> Symbol:
        """Any vector of the given length, to state that a matrix is semidefinite."""
        return Symbol(Family(self._unused("v", "u", "s"), Role.KNOWN, (), Shape(length)), ())

    def spoken(self, family: Family) -> str:
        """Return a family's member at its own indices as words have it: gamma_nk."""
        return f"{family.name}_{''.join(index.name for index in family.indices)}"

    @property
    def spoken_sample(self) -> str:
        """Return the data of one sample as words have it: x_n, with all its coordinates."""
        return f"{self.model.data.name}_{self.n}"

    @property
    def theta(self) -> str:
        """The letter for all parameters of a component together."""
        return self._unused("theta", "phi", "psi", "omega")

    def density(self, component: Index, log_density: Expr, *, logged: bool) -> Named:
        """Return the density of a sample in a component, or its log, by name: f(x_n | theta_k)."""
        x, theta = self.model.data, self.theta
        of = f"f({x.name}_{self.n} | {theta}_{component})"
        latex = rf"f({latex_name(x)}_{{{self.n}}} \mid \{theta}_{{{component}}})"
        if logged:
            return Named(f"log {of}", rf"\log {latex}", log_density)
        return Named(of, latex, exp(log_density))

    def _unused(self, *names: str) -> str:
        """Return the first name that no symbol or index of the model has, nor is spelled with the same letter."""
        taken = {SPELLED.get(family.name, family.name) for family in self.model.families}
        taken |= {family.latex.strip("\\{}") for family in self.model.families} | {self.n.name, self.k.name}
        for name in names:
            if name not in taken:
                return name
        raise ModelError(f"{self.model.name}: the names {', '.join(names)} are all taken; EM needs one of them")

    def over_samples_and_components(self, body: Expr) -> Expr:
        """Sum over n and k, with the weights of the samples."""
        return self.over_samples(sum_over(self.k, body))

    def over_samples(self, body: Expr) -> Expr:
        """Sum over n, with the weights of the samples."""
        return sum_over(self.n, self.model.sample_weight * body)

    @property
    def expected(self) -> Named:
        """Q(theta) = sum_n sum_k gamma_nk [log pi_k + log f(x_n | theta_k)]."""
        if self.model.others:
            return Named("Q", "Q", self.over_samples(apart(self.model, self.gamma)))
        return Named("Q", "Q", self.over_samples_and_components(self.gamma[self.n, self.k] * self.model.log_joint))

    @property
    def objective(self) -> Named:
        """What the M-step maximises: Q, or Q_MAP = Q + log p(theta) where there is a prior."""
        expected, prior = self.expected, self.model.log_prior
        return expected if prior is None else Named("Q_MAP", r"Q_{\mathrm{MAP}}", expected.definition + prior)

    @property
    def reached(self) -> Family:
        """What EM never lowers, as what code returns: the log-likelihood, or with a prior the log-posterior."""
        if self.model.log_prior is None:
            return self.total
        return Family("objective", Role.LATENT, latex=self.log_posterior.latex, code="objective")

    @property
    def reached_name(self) -> str:
        """The name in words of what EM never lowers."""
        return "log-likelihood" if self.model.log_prior is None else "log-posterior"

    @property
    def log_prior(self) -> Named:
        """log p(theta), up to a constant."""
        prior = self.model.log_prior
        value = as_expr(0) if prior is None else prior
        return Named(f"log p({self.theta})", rf"\log p(\{self.theta})", value)

    @property
    def prior_total(self) -> Family:
        """The log prior, as what code returns."""
        return Family("log_prior", Role.LATENT, latex=self.log_prior.latex, code="log_prior")

    @property
    def log_posterior(self) -> Named:
        """log p(X, theta) = log p(X | theta) + log p(theta): the log-posterior up to a constant."""
        data = self._data_name
        latex = rf"\log p({data}, \{self.theta})"
        return Named(f"log p({data}, {self.theta})", latex, self.log_likelihood + self.log_prior)

    @property
    def log_likelihood(self) -> Named:
        """log p(X | theta) = sum_n log sum_k exp l_nk."""
        value = self.over_samples(log(sum_over(self.k, exp(self.ell[self.n, self.k]))))
        name = self._named()
        return Named(name.spelled, name.latex, value)

    def complete_log_likelihood(self, value: Expr) -> Named:
        """Return the log density of data and labels, log p(X, Z | theta), as a name for its value."""
        name = self._named(labelled=True)
        return Named(name.spelled, name.latex, value)

    @property
    def _data_name(self) -> str:
        """The letter for all data together."""
        return self.model.data.name.upper() if len(self.model.data.name) == 1 else "X"

    def _named(self, *, labelled: bool = False) -> "_Name":
        data = self._data_name
        of = f"{data}, {self.z.name.upper()}" if labelled else data
        return _Name(f"log p({of} | {self.theta})", rf"\log p({of} \mid \{self.theta})")

    @property
    def free_energy(self) -> Named:
        """F(q, theta) = sum_n sum_k q_nk [l_nk - log q_nk]."""
        q, ell = self.q[self.n, self.k], self.ell[self.n, self.k]
        return Named("F", "F", self.over_samples_and_components(q * (ell - log(q))))

    def symbol(self, family: Family) -> Symbol:
        """Return the member of a family at its own indices."""
        return Symbol(family, family.indices)


def latex_name(family: Family) -> str:
    """Return a family's letter in LaTeX, without its indices."""
    if family.latex or len(family.name) == 1:
        return family.latex or family.name
    return f"\\{family.name}" if family.name in GREEK else rf"\mathrm{{{family.name}}}"
