"""A second latent variable u > 0, in which the log density of sample and u is c + a log(u) - b u: a Gamma kernel.

Then u can be integrated out, its posterior is a Gamma distribution, and Q holds its mean and that of its logarithm.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Named
from derive.language.domain import Domain, Positive, Real
from derive.language.expr import Expr, Number, Power, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Log, log
from derive.language.rewrite import collect, distribute, factors, mentions, scaled, substitute
from derive.language.special import digamma, loggamma
from derive.models.mixture import Mixture
from derive.proof.sign import positive

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


@dataclass(frozen=True)
class Kernel:
    """rest + log_part * log(u) - rate * u: the log density of a sample and u, as a function of u."""

    rest: Expr
    log_part: Expr
    rate: Expr

    @property
    def shape(self) -> Expr:
        """The shape of the Gamma distribution that u has given the sample."""
        return collect(add(self.log_part, ONE))

    @property
    def marginal(self) -> Expr:
        """The log density of a sample: the integral over u > 0 of u^(shape - 1) exp(-rate u) is known."""
        return add(self.rest, loggamma(self.shape), mul(-1, self.shape, log(self.rate)))


def gamma_kernel(name: str, density: Expr, latent: Family) -> Kernel:
    """Return a log density as a Gamma kernel in a latent variable; raises NoClosedFormError where it is none."""
    u = Symbol(latent, ())
    rest, log_part, part = list[Expr](), list[Expr](), list[Expr]()
    for term in distribute(density, mentions(latent)):
        inside = [factor for factor in factors(term) if factor.contains(mentions(latent))]
        others = mul(ONE, *(factor for factor in factors(term) if factor not in inside))
        if not inside:
            rest.append(term)
        elif inside == [u]:
            part.append(others)
        elif inside == [Log(u)]:
            log_part.append(others)
        else:
            raise NoClosedFormError(
                f"{name}: the latent variable {u} can be integrated out where the log density is a + b log({u}) - c {u}"
                f" in it, but it has the term {term}"
            )
    found = Kernel(add(ZERO, *rest), collect(add(ZERO, *log_part)), collect(scaled(-1, add(ZERO, *part))))
    for what, value in ((f"1 + the factor of log({u})", found.shape), (f"minus the factor of {u}", found.rate)):
        if not positive(value):
            raise NoClosedFormError(
                f"{name}: the integral over {u} from zero to infinity is not shown to be finite: {what}, {value}, is "
                "not known to be positive"
            )
    return found


@dataclass(frozen=True)
class LatentNotation(Notation):
    """The notation of a model with a latent variable; ``model`` is the one in which it is integrated out."""

    complete: Mixture
    kernel: Kernel

    @property
    def density_words(self) -> str:
        """What the log density of a sample in a component is, in words."""
        return f"log density of a sample in a component, {self.u} integrated out: shape and rate put in"

    @property
    def u(self) -> Symbol:
        """The latent variable."""
        assert self.complete.latent is not None  # noqa: S101 - for the type checker
        return Symbol(self.complete.latent, ())

    @cached_property
    def mean(self) -> Family:
        """The posterior mean of u, one for each sample and component."""
        return self._moment("mean", Positive(), "w", "e", "s")

    @cached_property
    def mean_log(self) -> Family:
        """The posterior mean of log u."""
        return self._moment("mean_log", Real(), "h", "g", "t")

    def _moment(self, code: str, domain: Domain, *names: str) -> Family:
        taken = {self.gamma.name, self.q.name, self.z.name, self.u.family.name}
        name = self._unused(*(name for name in names if name not in taken))
        code = f"{code}_{self.u.family.code}"
        return replace(Family(name, Role.MOMENT, (self.n, self.k), code=code), domain=domain)

    @property
    def shape(self) -> Named:
        """The shape of the posterior of u, by name."""
        return self._named_part(self.kernel.shape, "alpha", "a")

    @property
    def rate(self) -> Named:
        """The rate of the posterior of u, by name."""
        return self._named_part(self.kernel.rate, "beta", "b")

    def _named_part(self, value: Expr, *names: str) -> Named:
        name = self._unused(*names)
        below = "".join(index.name for index in (self.n, self.k) if index in value.free)
        latex = f"\\{name}" if len(name) > 1 else name
        return Named(f"{name}_{below}" if below else name, f"{latex}_{{{below}}}" if below else latex, value)

    @property
    def joint_density(self) -> Named:
        """log f(x_n, u | theta_k), by name."""
        of = self.density(self.k, self.complete.log_density, logged=True)
        u = self.u.family.name
        inner = of.latex.replace(r" \mid", f", {u} \\mid", 1)
        return Named(of.name.replace(" |", f", {u} |", 1), inner, of.definition)

    @property
    def separated(self) -> Expr:
        """The log density of sample and u, with shape and rate by name."""
        power = add(self.shape, mul(-1, ONE))
        return add(self.kernel.rest, mul(power, log(self.u)), mul(-1, self.rate, self.u))

    @property
    def mean_value(self) -> Expr:
        """The mean of a Gamma distribution."""
        return mul(self.shape, Power(self.rate, Fraction(-1)))

    @property
    def mean_log_value(self) -> Expr:
        """The mean logarithm of a Gamma distribution."""
        return add(digamma(self.shape), mul(-1, log(self.rate)))

    @property
    def expected_density(self) -> Expr:
        """The log density of sample and u with u and log u at their posterior means."""
        at_log = substitute_log(self.complete.log_density, self.u, self.symbol(self.mean_log))
        return substitute(at_log, self.u, self.symbol(self.mean))

    @property
    def expected(self) -> Named:
        """Q: expectation over labels and u at the previous parameters; the moments of u are held fixed."""
        body = add(log(self.model.weight), self.expected_density)
        return Named("Q", "Q", self.over_samples_and_components(mul(self.gamma[self.n, self.k], body)))


def substitute_log(expr: Expr, u: Symbol, value: Expr) -> Expr:
    """Put a value in the place of log u."""
    return value if expr == Log(u) else expr.map(lambda child: substitute_log(child, u, value))


def notation_of(model: Mixture) -> Notation:
    """Return a model's notation; of one with a latent variable, with this integrated out."""
    if model.latent is None:
        return Notation(model)
    kernel = gamma_kernel(model.name, model.log_density, model.latent)
    observed = replace(model, log_density=kernel.marginal, latent=None)
    return LatentNotation(observed, model, kernel)
