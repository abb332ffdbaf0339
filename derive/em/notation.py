"""The symbols that EM adds to a model: responsibilities, labels, the multipliers, and the log joint."""

from dataclasses import dataclass

from derive.errors import ModelError
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.language.functions import exp, log, sum_over
from derive.language.index import Extent, Index, Shape
from derive.models.mixture import Mixture


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
        return Family("log_likelihood", Role.LATENT, latex=r"\log p(X \mid \theta)", code="log_likelihood")

    @property
    def nu(self) -> Family:
        """Multiplier of the constraint that q_nk sums to one over k, one a sample."""
        return Family(self._unused("nu", "eta", "kappa"), Role.MULTIPLIER, (self.n,))

    @property
    def lagrange(self) -> Family:
        """Multiplier of the constraint on a simplex parameter."""
        return Family(self._unused("lambda", "eta", "xi"), Role.MULTIPLIER)

    def probe(self, length: Extent) -> Symbol:
        """Any vector of the given length, to state that a matrix is semidefinite."""
        return Symbol(Family(self._unused("v", "u", "s"), Role.KNOWN, (), Shape(length)), ())

    def _unused(self, *names: str) -> str:
        """Return the first name that no symbol of the model has."""
        taken = {family.name for family in self.model.families}
        for name in names:
            if name not in taken:
                return name
        raise ModelError(f"{self.model.name}: the names {', '.join(names)} are all taken; EM needs one of them")

    def over_samples_and_components(self, body: Expr) -> Expr:
        """Sum over n and k."""
        return sum_over(self.n, sum_over(self.k, body))

    @property
    def objective(self) -> Named:
        """Q(theta) = sum_n sum_k gamma_nk [log pi_k + log f(x_n | theta_k)]."""
        return Named("Q", "Q", self.over_samples_and_components(self.gamma[self.n, self.k] * self.model.log_joint))

    @property
    def log_likelihood(self) -> Named:
        """log p(X | theta) = sum_n log sum_k exp l_nk."""
        value = sum_over(self.n, log(sum_over(self.k, exp(self.ell[self.n, self.k]))))
        return Named("log p(X | theta)", r"\log p(X \mid \theta)", value)

    @property
    def free_energy(self) -> Named:
        """F(q, theta) = sum_n sum_k q_nk [l_nk - log q_nk]."""
        q, ell = self.q[self.n, self.k], self.ell[self.n, self.k]
        return Named("F", "F", self.over_samples_and_components(q * (ell - log(q))))

    def symbol(self, family: Family) -> Symbol:
        """Return the member of a family at its own indices."""
        return Symbol(family, family.indices)
