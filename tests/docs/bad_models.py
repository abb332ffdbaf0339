"""Model files that are refused, by the message that the guide shows for them."""

TOP = """from derive import *
from fractions import Fraction
from derive.language import support
from derive.models.priors import dirichlet, gamma
n, k, D, E = Index("n", "N"), Index("k", "K"), Dimension("D"), Dimension("E")
j = Index("j", "J")
x = Data("x", n)
v = Data("v", n, shape=D)
pi = Parameter("pi", k, domain=Simplex, code="weights")
"""
MU = 'mu = Parameter("mu", k)\n'
S2 = 's2 = Parameter("s2", k, domain=Positive)\n'
M = 'm = Parameter("m", k, shape=D)\n'


def _model(density: str, more: str = "") -> str:
    return f'model = Mixture("mine", weights=pi, log_density={density}{more})\n'


GOOD = _model("-(x[n] - mu[k])**2")
BAD = {
    "the index … is left free in the log density": MU + _model("-(x[n] - mu[k])**2 + Known('a', j)[j]"),
    "cannot add … and …: the shapes differ": M + _model("x[n] - m[k]"),
    "cannot multiply … by …: the sides differ": M + 'B = Known("B", shape=(D, E))\n' + _model("B * m[k]"),
    "quad takes a D x D matrix and a vector of length D": M + _model("quad(v[n] - m[k], identity(D))"),
    "log_density must be a scalar": M + _model("v[n] - m[k]"),
    "… takes a scalar": M + _model("log(m[k])"),
    "… takes a square matrix": M + _model("trace(m[k])"),
    "the parameter … does not occur in the log density": MU + S2 + GOOD,
    "the log density does not depend on the data": MU + _model("-mu[k]**2"),
    "the log density must depend on one Data family": M + _model("-quad(identity(D), v[n] - m[k]) - x[n]**2"),
    "the data … must carry the index of the samples": MU + _model("-(Data('y') - mu[k])**2"),
    "nothing is to be estimated": 'pi = Known("pi", k, domain=Simplex)\n' + _model("-x[n]**2"),
    "… stands in the formula without its index": MU + _model("-(x[n] - mu)**2"),
    "it is declared as …": MU + _model("-(x[n] - mu[n])**2"),
    "index it by plate indices made with Index": MU + _model("-(x[n] - mu[0])**2"),
    "cannot stand in a formula: use symbols, whole numbers": MU + _model("-0.5*(x[n] - mu[k])**2"),
    "write ordinal(…)": MU + _model("-(x[n] - mu[k]*k)**2"),
    "has no truth value; a density cannot branch on it": MU + _model("x[n] if x[n] else mu[k]"),
    "… are compared by < or >": S2 + _model("-log(s2[k]) + support(x[n] < s2[k])"),
    "is a comparison of formulas and has no truth value": S2 + _model("-log(s2[k]) + support(0 <= x[n] <= s2[k])"),
    "… cannot name a symbol": 'z = Parameter("my mean", k)\n',
    "is not a plate index; make one with Index": 'z = Parameter("z", "k")\n',
    "is not a domain": 'z = Parameter("z", k, domain="positive")\n',
    "needs a dimension, as in": 'z = Parameter("z", k, domain=PositiveDefinite)\n',
    "the domain … is for scalars": 'z = Parameter("z", k, shape=D, domain=Positive)\n',
    "is not a Dimension or a pair of them": 'z = Parameter("z", k, shape=3)\n',
    "the domain … needs the index over which": 'z = Parameter("z", domain=Simplex)\n',
    "is not a name that generated code can use": 'z = Parameter("z", k, code="class")\n',
    "two symbols share the …": MU + _model("-(x[n] - mu[k] - Parameter('mu')*2)**2"),
    "samples and components need plates of their own": (
        'i = Index("i", "N")\npi = Parameter("pi", i, domain=Simplex)\n' + _model("-(x[n] - Parameter('a'))**2")
    ),
    "has the letter of a plate": (
        'K = Dimension("K")\n' + _model('-quad(identity(K), Data("y", n, shape=K)[n] - Parameter("m", k, shape=K)[k])')
    ),
    "the parameter … carries the samples' index": _model("-(x[n] - Parameter('a', n)[n])**2"),
    "which nobody observes": MU + _model("-(Data('y', n, k)[n, k] - mu[k])**2"),
    "needs its indices in order": _model("-sum_over(j, (x[n] - Parameter('a', j, k)[j, k])**2)"),
    "weights must be a family over the components": 'pi = Parameter("pi")\n' + MU + GOOD,
    "need domain=Simplex, so that they sum to one": 'pi = Parameter("pi", k)\n' + MU + GOOD,
    "cannot name a model": MU + GOOD.replace("mine", "my model"),
    "log of …, which is not known to be positive": MU + _model("-(log(x[n]) - mu[k])**2"),
    "the power … of …, which is not known to be positive": MU + _model("-(sqrt(x[n]) - mu[k])**2"),
    "logdet of …, which is not known to be positive definite": (
        'S = Parameter("S", k, shape=(D, D))\n' + _model("-logdet(S[k]) - quad(inverse(S[k]), v[n])")
    ),
    "a prior on a symbol that is not there": (
        MU + _model("-(x[n] - mu[k])**2", ", log_prior=sum_over(k, -Parameter('z', k)[k]**2)")
    ),
    "the prior depends on no parameter": MU + _model("-(x[n] - mu[k])**2", ", log_prior=Known('c')*1"),
    "the prior mentions the data": MU + _model("-(x[n] - mu[k])**2", ", log_prior=sum_over(n, x[n])"),
    "is left free in the log prior": MU + _model("-(x[n] - mu[k])**2", ", log_prior=-mu[k]**2"),
    "is below 1: the density then has no upper bound": (
        MU + _model("-(x[n] - mu[k])**2", ", log_prior=dirichlet(pi[k], Fraction(1, 2))")
    ),
    "… is a number, but … is D x D": (
        S2 + _model("-(x[n] - s2[k])**2", ", log_prior=sum_over(k, gamma(s2[k], identity(D), 1))")
    ),
    "no stationary point: …": (
        'S = Parameter("S", k, domain=PositiveDefinite(D))\n' + _model("-quad(inverse(S[k]), v[n])")
    ),
    "Q is convex in …": MU + _model("(x[n] - mu[k])**2"),
    "Q rises with … for ever": S2 + _model("log(s2[k]) + support(x[n] <= s2[k])"),
    "divides by it, and it may be zero": MU + _model("-x[n]**2/mu[k] - mu[k]"),
    "its sign is not shown to be positive": S2 + _model("x[n]*log(s2[k]) - s2[k]"),
    "is not linear in it, and no domain singles out one root": MU + _model("-log(1 + (x[n] - mu[k])**2)"),
    "defines no Mixture": MU,
    "defines several models": MU + GOOD + GOOD.replace("model", "other", 1).replace("mine", "other"),
    "not valid Python": MU + "model = Mixture(\n",
}
