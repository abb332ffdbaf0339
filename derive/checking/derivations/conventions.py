"""Which letters people use for what: how a symbol is recognised that the document does not explain."""

from derive.em.notation import GREEK as LETTERS

LABELS_NEW = frozenset(
    {"new", "next", "t+1", "s+1", "i+1", "k+1", "l+1", "m+1", "r+1", "*", "star", "ast", "ML", "MLE"}
)
LABELS_OLD = frozenset({"old", "prev", "previous", "t", "s", "(t)", "t-1", "0", "current", "cur"})
ITERATIONS = frozenset({"(t)", "(s)", "(r)", "(p)", "(q)"})
TRANSPOSES = frozenset({"T", "top", "intercal", "t", "tr", "transpose", "dagger"})

SAMPLE_LETTERS = ("n", "i", "t", "m", "s")
COMPONENT_LETTERS = ("k", "j", "c", "l", "m", "g", "h", "r", "s")
COORDINATE_LETTERS = ("d", "p", "j", "l", "i", "r", "q", "v", "c", "m", "s", "a", "b", "w", "u")

SIZES = {"n": ("N", "n"), "k": ("K",), "d": ("D", "d", "p")}  # by plate, where no sum says it

WEIGHTS = ("pi", "alpha", "phi", "w", "omega", "p", "tau", "eta", "rho", "lambda", "c", "m", "a", "kappa", "P")
VECTORS = ("mu", "m", "theta", "beta", "w", "nu", "xi", "c", "a", "eta")
MATRICES = ("Sigma", "S", "C", "V", "R", "Psi", "Gamma", "Q")
PRECISIONS = ("Lambda", "Omega")
POSITIVES = ("lambda", "theta", "beta", "alpha", "r", "mu", "eta", "nu", "sigma", "kappa", "a", "b")
PROBABILITIES = ("theta", "mu", "p", "phi", "q", "eta", "rho", "beta", "pi", "lambda")
SPREADS = ("sigma", "s", "v", "tau", "varsigma")
RESPONSIBILITIES = (
    "gamma",
    "r",
    "tau",
    "h",
    "w",
    "q",
    "T",
    "z",
    "p",
    "R",
    "phi",
    "rho",
    "xi",
    "t",
    "u",
    "eta",
    "c",
    "Q",
    "W",
    "P",
)
MULTIPLIERS = ("lambda", "eta", "nu", "xi", "kappa", "alpha", "beta", "zeta", "rho", "delta", "l", "gamma")
COUNTS = ("N", "n", "m", "R", "r", "Gamma", "M")  # with a component index: N_k
OBJECTIVES = ("cal:L", "L", "ell", "l", "Q", "cal:Q", "J", "F", "cal:F", "cal:J", "LL", "ELBO", "Lambda", "B", "NLL")
ALL_PARAMETERS = ("theta", "Theta", "vartheta", "psi", "Psi", "phi", "Phi", "xi", "w", "lambda", "omega", "eta")
LABELS = ("z", "Z", "y", "c", "h", "omega", "C", "w", "s", "k", "u", "delta")
DENSITIES = ("N", "cal:N", "p", "f", "P", "Pr", "q", "g", "phi", "varphi", "b", "cal:P", "prob", "bb:P", "h")
NAMED_DENSITIES = frozenset(
    {
        "Normal",
        "Gauss",
        "Gaussian",
        "Bern",
        "Bernoulli",
        "Ber",
        "Be",
        "Bin",
        "Binom",
        "Binomial",
        "Poi",
        "Pois",
        "Poisson",
        "Po",
        "Exp",
        "Expon",
        "Exponential",
        "Cat",
        "Categorical",
        "Mult",
        "Multi",
        "Multinomial",
        "Mu",
        "Gamma",
        "Ga",
        "Gam",
        "Beta",
        "Geom",
        "Geometric",
        "Dir",
        "Dirichlet",
        "St",
        "Student",
        "t",
        "StudentT",
        "Weibull",
        "Lognormal",
        "LogNormal",
        "LN",
        "Pareto",
        "vMF",
        "VM",
        "vonMises",
        "IG",
        "Laplace",
        "Rayleigh",
        "Maxwell",
        "Gumbel",
        "NB",
        "Discrete",
        "Uniform",
    }
)
ESTIMATES = ("hat", "widehat", "tilde", "check")  # accents of estimates
CONSTANTS = frozenset({"const", "constant", "const.", "cst", "cte", "constants", "c.", "terms"})
VARIANTS = {"varphi": "phi", "vartheta": "theta", "varepsilon": "epsilon", "varrho": "rho", "varsigma": "sigma"}
GREEK = LETTERS | {"pi", "lambda"}  # names of letters that LaTeX has commands for
