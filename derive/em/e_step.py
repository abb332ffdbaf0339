"""The E-step: the free energy bounds the log-likelihood, and is maximised over q by a multiplier a sample."""

from fractions import Fraction

from derive.calculus.differential import differential, direction
from derive.calculus.gradient import gradient
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.language.calculus_nodes import At, Derivative, Gap, Named, SecondDifferential, in_full
from derive.language.expr import Expr, Number, power
from derive.language.functions import exp, log, sum_over
from derive.language.rewrite import collect, rename
from derive.proof.derivation import UpdateEquation
from derive.proof.step import Assumption, Exponentiated, Multiplied, Relation
from derive.solve import Line, eliminate_multiplier
from derive.solve.clear import multiply_through
from derive.solve.isolate import solve_for_term
from derive.solve.multiplier import split_exponential

ZERO = Number(Fraction(0))


def expectation_step(ledger: Ledger, notation: Notation) -> UpdateEquation:
    """Derive the responsibilities as the maximiser of the free energy; return their equation."""
    n, k, q = notation.n, notation.k, notation.symbol(notation.q)
    q_nk = notation.spoken(notation.q)
    energy = notation.free_energy
    words = f"for any {q_nk} > 0 that sums to one over {k}"
    ledger.add(energy, energy.definition, "free-energy", words, source="neal1998: sec. 2")
    _bound(ledger, notation)
    constrained = energy + notation.over_samples(notation.nu[n] * (1 - sum_over(k, q)))
    lagrangian = Named("J", "J", constrained)
    weight = "" if notation.model.sample_weights is None else f"{notation.model.sample_weight} "
    multiplier = weight + notation.spoken(notation.nu)
    words = f"a multiplier {multiplier} for each constraint sum_{k} {q_nk} = 1"
    ledger.add(lagrangian, constrained, "lagrangian", words)
    slope = gradient(in_full(constrained), q)
    words = f"one {n} and one {k}; d(q log q) = (log q + 1) dq"
    last = ledger.add(Derivative(lagrangian, q), slope, "differentiate", words)
    if notation.model.sample_weights is not None:
        last = ledger.follow([_unweighted(notation, slope)], last)
        slope = last.left
    last = ledger.follow([solve_for_term(slope, log(q))], last)
    split = split_exponential(exp(last.right), notation.nu)
    taken = Line(q, split, Exponentiated(), "exponential of both sides", "exponentiate")
    last = ledger.follow([taken], last)
    last = ledger.follow(eliminate_multiplier(q, split, notation.nu), last)
    _posterior(ledger, notation)
    _maximum(ledger, notation)
    _tight(ledger, notation, last.right)
    ledger.close(
        "E-step",
        "The free energy F bounds the log-likelihood from below. For fixed parameters it is largest where q is the "
        "posterior of the labels, and there it equals the log-likelihood: these are the responsibilities "
        f"{notation.spoken(notation.gamma)}.",
    )
    return UpdateEquation(notation.symbol(notation.gamma), last.right, last.number)


def _unweighted(notation: Notation, slope: Expr) -> Line:
    """Divide the equation of a sample by its weight."""
    weight = notation.model.sample_weight
    inverted = power(weight, -1)
    residual = collect(multiply_through(slope, inverted))
    assumed = Assumption(weight, f"{weight} > 0: a sample of weight zero counts for nothing, whatever its label")
    words = "set to zero; divided by the weight of the sample"
    return Line(residual, ZERO, Multiplied(inverted), words, "clear-invertible-factors", assumptions=(assumed,))


def _posterior(ledger: Ledger, notation: Notation) -> None:
    """Write the maximiser in terms of the model: weight times density, divided by their sum over the components."""
    model, n, k = notation.model, notation.n, notation.k
    j = k.renamed(frozenset((n, k)))
    joint, other = exp(model.log_joint), exp(rename(model.log_joint, {k: j}))
    spoken = notation.spoken(notation.gamma)
    name = "\\gamma" if notation.gamma.name == "gamma" else notation.gamma.name
    gamma = Named(spoken, rf"{name}_{{{n}{k}}}", joint / sum_over(j, other))
    density = notation.density(k, model.density, logged=False)
    at_j = notation.density(j, rename(model.density, {k: j}), logged=False)
    value = model.weight * density / sum_over(j, rename(model.weight, {k: j}) * at_j)
    words = f"the posterior p({k} | {notation.spoken_sample}), by Bayes' theorem"
    ledger.add(gamma, value, "bayes", words, source="bishop2006: (9.13)")


def _bound(ledger: Ledger, notation: Notation) -> None:
    """log p(X) - F is a sum of gaps t - 1 - log t >= 0."""
    n, k = notation.n, notation.k
    q, ell = notation.q[n, k], notation.ell[n, k]
    j = k.renamed(ell.free)
    ratio = exp(ell) / (q * sum_over(j, exp(rename(ell, {k: j}))))
    gap = notation.over_samples_and_components(q * Gap(ratio))
    difference = notation.log_likelihood - notation.free_energy
    words = f"t is the posterior of the label over q; both sum to one over {k}"
    ledger.add(difference, gap, "relative-entropy", words, source="bishop2006: (9.70)")
    words = "log t <= t - 1, with equality only at t = 1"
    ledger.add(gap, ZERO, "log-inequality", words, relation=Relation.AT_LEAST, source="boyd2004: (3.2)")


def _maximum(ledger: Ledger, notation: Notation) -> None:
    """The free energy is concave in q."""
    q, energy = notation.q, notation.free_energy
    second = collect(differential(differential(energy.definition, q), q))
    left = SecondDifferential(energy, q, direction(q))
    ledger.add(left, second, "second-differential", "d(log q) = dq / q")
    words = f"squares over {notation.spoken(q)} > 0: the maximum, and only one"
    ledger.add(second, ZERO, "concave", words, relation=Relation.AT_MOST)


def _tight(ledger: Ledger, notation: Notation, posterior: Expr) -> None:
    at = At(notation.free_energy, notation.symbol(notation.q), posterior)
    ledger.add(at, notation.log_likelihood, "tight", "put back: the bound touches the log-likelihood")
