"""The steps for a second latent variable: it is integrated out; its posterior, the moments of this, and Q with them."""

from fractions import Fraction

from derive.em.latent import LatentNotation
from derive.em.ledger import Ledger
from derive.em.model_section import check_domains
from derive.em.objective import add_prior
from derive.language.calculus_nodes import Named, in_full
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Family
from derive.language.functions import log
from derive.language.integral import LogIntegral, PosteriorMean
from derive.language.special import digamma, loggamma
from derive.proof.derivation import UpdateEquation
from derive.proof.step import Relation

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


def integrate_out(ledger: Ledger, notation: LatentNotation) -> tuple[UpdateEquation, ...]:
    """Write down how the latent variable is integrated out, and its posterior; return the equations of its moments."""
    check_domains(notation.complete, notation.complete.log_density)
    u, k, kernel = notation.u, notation.k, notation.kernel
    joint, shape, rate = notation.joint_density, notation.shape, notation.rate
    words = f"log density of a sample and the latent variable {u} in a component, as given"
    ledger.add(joint, joint.definition, "log-density", words)
    ledger.add(shape, kernel.shape, "gamma-shape", f"one more than what multiplies log {u}")
    ledger.add(rate, kernel.rate, "gamma-rate", f"what multiplies -{u}")
    words = f"sorted by {u}: but for a constant, the log density of a Gamma distribution"
    ledger.add(joint, notation.separated, "gamma-kernel", words)
    for part in (shape, rate):
        words = f"{part.name} > 0, so the integral over {u} is finite"
        ledger.add(part.definition, ZERO, "positive", words, relation=Relation.AT_LEAST)
    marginal = notation.density(k, LogIntegral(joint, u), logged=True)
    ledger.add(marginal, marginal.definition, "marginal", f"{u} integrated out")
    closed = add(kernel.rest, loggamma(shape), mul(-1, shape, log(rate)))
    a, b = shape.name, rate.name
    words = f"the integral of {u}^({a} - 1) exp(-{b} {u}) is Gamma({a}) / {b}^{a}"
    ledger.add(marginal, closed, "gamma-integral", words, source="olver2010: (5.9.1)")
    observed = notation.density(k, notation.model.log_density, logged=True)
    posterior = _posterior(notation, add(joint, mul(-1, observed)))
    kept = add(mul(add(shape, mul(-1, ONE)), log(u)), mul(-1, rate, u))
    value = add(kept, mul(shape, log(rate)), mul(-1, loggamma(shape)))
    words = f"Bayes' theorem: given the sample and its component, {u} has a Gamma distribution with this shape and rate"
    ledger.add(posterior, value, "bayes", words)
    found = (
        _moment(ledger, notation, notation.mean, u, notation.mean_value, "its mean", "(B.27)"),
        _moment(ledger, notation, notation.mean_log, log(u), notation.mean_log_value, "its mean logarithm", "(B.30)"),
    )
    ledger.close(
        f"The latent variable {u}",
        f"{u} is integrated out, which leaves a mixture of the densities of the samples alone. The M-step needs the "
        f"posterior mean {notation.spoken(notation.mean)} of {u}, and {notation.spoken(notation.mean_log)} of its "
        "logarithm.",
    )
    return found


def _posterior(notation: LatentNotation, value: Expr) -> Named:
    u, x, theta = notation.u.family.name, notation.spoken_sample, notation.theta
    n, k, data = notation.n, notation.k, notation.model.data.name
    latex = rf"\log p({u} \mid {data}_{{{n}}}, \{theta}_{{{k}}})"
    return Named(f"log p({u} | {x}, {theta}_{k})", latex, value)


def _moment(
    ledger: Ledger, notation: LatentNotation, family: Family, of: Expr, value: Expr, words: str, place: str
) -> UpdateEquation:
    """State the posterior mean of the latent variable or of its logarithm."""
    u, joint = notation.u, notation.joint_density
    named = _named_moment(notation, family, PosteriorMean(of, joint, u))
    ledger.add(named, named.definition, "posterior-mean", f"given the sample and its component: {words}")
    step = ledger.add(
        named, value, "gamma-moment", f"{words}, of this Gamma distribution", source=f"bishop2006: {place}"
    )
    return UpdateEquation(notation.symbol(family), in_full(value), step.number)


def state_latent_objective(ledger: Ledger, notation: LatentNotation) -> tuple[UpdateEquation, ...]:
    """Derive Q over labels and latent variable, and what it bounds; return what the moments start as."""
    u, joint, shape, rate = notation.u, notation.joint_density, notation.shape, notation.rate
    mean = _named_moment(notation, notation.mean, PosteriorMean(u, joint, u))
    mean_log = _named_moment(notation, notation.mean_log, PosteriorMean(log(u), joint, u))
    expected = add(notation.kernel.rest, mul(add(shape, mul(-1, ONE)), mean_log), mul(-1, rate, mean))
    words = f"linear in {u} and log {u}: their posterior means {mean.name} and {mean_log.name} take their places"
    ledger.add(PosteriorMean(joint, joint, u), expected, "expectation", words)
    function = notation.expected
    words = (
        f"the expectation of the log density of data, labels and {u}, as a function of the parameters; "
        f"{notation.spoken(notation.gamma)}, {mean.name} and {mean_log.name} were computed at the previous ones and "
        "stay fixed"
    )
    ledger.add(function, function.definition, "objective", words, source="mclachlan2000: ch. 7")
    below = f"{notation.n}{notation.k}"
    entropy = Named(f"H_{below}", f"H_{{{below}}}", _entropy(shape, rate))
    ledger.add(entropy, entropy.definition, "entropy", f"of the posterior of {u}", source="bishop2006: (B.31)")
    observed = notation.density(notation.k, notation.model.log_density, logged=True)
    words = f"where {mean.name} and {mean_log.name} were computed, mean and entropy add up to the log density"
    ledger.add(add(PosteriorMean(joint, joint, u), entropy), observed, "tight", words, source="neal1998: sec. 2")
    starts = _starts(ledger, notation)
    add_prior(ledger, notation)
    ledger.close(
        "Objective of the M-step",
        f"For any distribution of {u}, its mean of log f plus its entropy is at most the log density of the sample "
        f"(Gibbs' inequality); at the posterior they are equal. With {notation.spoken(notation.gamma)}, {mean.name} "
        f"and {mean_log.name} held fixed, raising {notation.objective.name} therefore raises a lower bound of the "
        f"{notation.reached_name} that touches it where they were computed: an M-step that does not lower the one "
        "never lowers the other.",
    )
    return starts


def _named_moment(notation: LatentNotation, family: Family, value: Expr) -> Named:
    return Named(notation.spoken(family), f"{family.name}_{{{notation.n}{notation.k}}}", value)


def _entropy(shape: Expr, rate: Expr) -> Expr:
    return add(shape, mul(-1, log(rate)), loggamma(shape), mul(add(ONE, mul(-1, shape)), digamma(shape)))


def _starts(ledger: Ledger, notation: LatentNotation) -> tuple[UpdateEquation, ...]:
    """The moments of the exponential distribution, with which a first M-step can begin: any distribution will do."""
    u = notation.u
    found = []
    for family, of, value in ((notation.mean, u, ONE), (notation.mean_log, log(u), digamma(ONE))):
        words = f"a first M-step without previous parameters takes {u} to be exponential with rate 1"
        step = ledger.add(PosteriorMean(of, mul(-1, u), u), value, "start", words)
        found.append(UpdateEquation(notation.symbol(family), value, step.number))
    return tuple(found)
