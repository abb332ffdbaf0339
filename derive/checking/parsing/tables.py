"""Commands and characters by what they mean for the reader."""

from derive.checking.parsing.words import words

GREEK = frozenset(
    words(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu "
        "xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta "
        "Lambda Xi Pi Sigma Upsilon Phi Psi Omega Alpha Beta Mu Nu Rho Tau Chi Eta Kappa"
    )
)

#: Commands that are a name by themselves, by the name's text.
SYMBOLS = {
    **{name: name for name in GREEK},
    **{name: name for name in words("ell infty top intercal bot partial nabla forall exists emptyset hbar")},
    "ldots": "ldots",
    "dots": "ldots",
    "cdots": "ldots",
    "vdots": "ldots",
    "ddots": "ldots",
    "dotsc": "ldots",
    "dotsb": "ldots",
    "dotsm": "ldots",
    "hdots": "ldots",
    "dotso": "ldots",
    "ast": "star",
    "star": "star",
    "dagger": "dagger",
    "prime": "prime",
    "circ": "circ",
    "bullet": "bullet",
    "imath": "i",
    "jmath": "j",
    "varnothing": "emptyset",
    "Re": "Re",
    "Im": "Im",
    "dag": "dagger",
    "T": "T",
    "transpose": "top",
    "transp": "top",
    "square": "square",
    "checkmark": "checkmark",
    "perp": "perp",
}
MARKS_ABOVE = frozenset({"ast", "star", "circ", "bullet", "prime"})  # names only where they stand as a script

FUNCTIONS = {
    **{name: name for name in words("log ln exp det tr diag sqrt lgamma digamma vec rank")},
    **{name: name for name in words("sin cos tan sinh cosh tanh arctan arcsin arccos sec cot csc coth")},
    "Tr": "tr",
    "trace": "tr",
    "Trace": "tr",
    "Diag": "diag",
    "Det": "det",
    "rk": "rank",
    "lg": "log",
    "logdet": "logdet",
    "gammaln": "lgamma",
    "lnGamma": "lgamma",
}
LOGARITHMS = frozenset({"log", "ln"})
MULTIPLICATIVE = frozenset({"exp", "det", "sqrt", "Gamma"})  # may stand in the product a logarithm is taken of

BIGS = {
    **{name: name for name in words("sum prod int max min sup inf lim argmax argmin limsup liminf iint oint")},
    "bigcup": "cup",
    "bigcap": "cap",
    "coprod": "coprod",
    "arg max": "argmax",
    "arg min": "argmin",
    "bigoplus": "oplus",
    "bigotimes": "otimes",
    "maximize": "max",
    "minimize": "min",
    "esssup": "sup",
}
OPTIONAL_BIGS = frozenset({"max", "min", "sup", "inf"})  # without bounds they are functions

OPERATORS = {
    "cdot": "cdot",
    "times": "times",
    "odot": "circ",
    "circ": "circ",
    "bullet": "cdot",
    "ast": "times",
    "otimes": "otimes",
    "star": "times",
}

RELATIONS = {
    "propto": "propto",
    "varpropto": "propto",
    "approx": "approx",
    "simeq": "approx",
    "cong": "approx",
    "equiv": "equiv",
    "coloneqq": ":=",
    "triangleq": ":=",
    "doteq": ":=",
    "eqdef": ":=",
    "coloneq": ":=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "neq": "!=",
    "ne": "!=",
    "in": "in",
    "sim": "sim",
    "leftarrow": "to",
    "gets": "to",
    "to": "to",
    "leqq": "<=",
    "rightarrow": "to",
    "longrightarrow": "to",
    "longleftarrow": "to",
    "mapsto": "to",
    "longmapsto": "to",
    "succ": "succ",
    "succeq": "succeq",
    "prec": "prec",
    "preceq": "preceq",
    "subset": "subset",
    "geqq": ">=",
    "subseteq": "subset",
    "notin": "notin",
    "ll": "<<",
    "gg": ">>",
    "eqqcolon": "=:",
    "xrightarrow": "to",
    "xleftarrow": "to",
    "define": ":=",
    "defeq": ":=",
    "eq": "=",
    "asymp": "approx",
    "lesssim": "<=",
    "gtrsim": ">=",
    "ni": "ni",
    "thicksim": "sim",
    "thickapprox": "approx",
}

LINKS = {
    **dict.fromkeys(("Rightarrow", "implies", "Longrightarrow", "therefore", "leadsto", "rightsquigarrow"), "=>"),
    **dict.fromkeys(("iff", "Leftrightarrow", "Longleftrightarrow", "leftrightarrow", "longleftrightarrow"), "<=>"),
    **dict.fromkeys(("Leftarrow", "impliedby", "Longleftarrow", "because"), "<="),
    **dict.fromkeys(("xRightarrow", "hookrightarrow", "curvearrowright"), "=>"),
}

ROMAN = frozenset({"mathrm", "operatorname", "operatorname*", "mathsf", "mathtt", "rm", "textnormal"})
TEXTS = frozenset({"text", "textrm", "textbf", "textit", "mbox", "textsf", "texttt", "textnormal", "textsc", "textup"})
STRUCK = frozenset({"cancel", "bcancel", "xcancel", "hcancel", "sout", "st", "xout"})
STYLES = {
    "mathcal": "cal",
    "mathscr": "cal",
    "cal": "cal",
    "mathbb": "bb",
    "Bbb": "bb",
    "mathds": "bb",
    "mathbbm": "bb",
}
ACCENTS = {
    "hat": "hat",
    "widehat": "hat",
    "tilde": "tilde",
    "widetilde": "tilde",
    "bar": "bar",
    "overline": "bar",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
    "breve": "breve",
    "acute": "acute",
    "grave": "grave",
    "mathring": "ring",
    "widecheck": "check",
}
SIZES = {
    **{size + side: way for size in ("big", "Big", "bigg", "Bigg") for side, way in (("l", "open"), ("r", "close"))},
    **{size + "m": "middle" for size in ("big", "Big", "bigg", "Bigg")},
    **dict.fromkeys(("big", "Big", "bigg", "Bigg"), ""),
    "left": "open",
    "right": "close",
    "middle": "middle",
}
OPENING = {
    "(": "(",
    "[": "[",
    "\\{": "{",
    "\\lbrace": "{",
    "\\langle": "<",
    "\\lbrack": "[",
    "\\lparen": "(",
    "\\lVert": "||",
    "\\lvert": "|",
}
CLOSING = {
    ")": "(",
    "]": "[",
    "\\}": "{",
    "\\rbrace": "{",
    "\\rangle": "<",
    "\\rbrack": "[",
    "\\rparen": "(",
    "\\rVert": "||",
    "\\rvert": "|",
}
CLOSERS = {"(": ")", "[": "]", "{": "}", "<": "⟩", "|": "|", "||": "‖"}
BARS = {"|": "|", "\\|": "||", "\\vert": "|", "\\Vert": "||"}

#: Words that are labels of a symbol when typed as single letters in a script.
LABELS = frozenset(words("new old next prev cur opt MLE MAP EM ML max min hat true init train test"))
#: What is a word, not a product of letters, when typed as letters without a space.
FUNCTION_RUNS = frozenset(
    words(
        "log ln exp det tr Tr diag const constant max min argmax argmin logdet trace sqrt KL ELBO NLL LL Pr Cov Var "
        "Bern Bernoulli Cat Categorical Dir Dirichlet Mult Multinomial Poisson Pois Normal Gauss Gaussian Beta "
        "Binomial Bin Geom softmax sigmoid prob Gam vMF digamma lgamma gammaln"
    )
)
