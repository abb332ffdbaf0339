"""A hand-in with every verdict, its trees written down, and what is said of it."""

from fractions import Fraction

from derive.checking.derivations.outcome import CounterExample, Feedback, Hint, Remark, Row, Verdict
from derive.checking.parsing.tree import (
    Apply,
    Big,
    Chain,
    Compared,
    Differentiate,
    Fenced,
    Given,
    Items,
    Link,
    Name,
    Node,
    Number,
    Product,
    Quotient,
    Scripted,
    Sum,
)
from derive.checking.parsing.written import Document, Prose, Written

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\x00\x1b[31m\ud800\u202e"
K, N, NK = Name("k"), Name("n"), Product((Name("n"), Name("k")), ("",))
MU, SIGMA, X = Scripted(Name("mu"), K), Scripted(Name("Sigma"), K), Scripted(Name("x"), N)
GAMMA, PI = Scripted(Name("gamma"), NK), Scripted(Name("pi"), K)
ONE, HALF = Number(Fraction(1)), Quotient(Number(Fraction(1)), Number(Fraction(2)))
DIFFERENCE = Fenced("(", Sum((("+", X), ("-", MU))))
INVERSE = Scripted(Name("Sigma"), K, Sum((("-", ONE),)))
DL = Differentiate(Name("L"), (MU,))


def over(index: str, upper: str, body: Node) -> Big:
    return Big("sum", Compared(Name(index), "=", ONE), Name(upper), body)


def density() -> Node:
    given = Given(X, Items((MU, SIGMA)))
    return Apply(Name("log"), Product((Name("N", style="cal"), Fenced("(", given)), ("",)))


def stated(*sides: Node, link: Link = Link.NONE, relation: str = "=", boxed: bool = False) -> tuple[Chain, ...]:
    return (Chain(sides, (relation,) * (len(sides) - 1), link, boxed),)


QUADRATIC = Sum((("-", Product((HALF, Scripted(DIFFERENCE, sup=Name("T")), INVERSE, DIFFERENCE), ("", "", ""))),))
ZERO = Number(Fraction(0))
WEIGHTED = over("n", "N", Product((GAMMA, INVERSE, DIFFERENCE), ("", "")))
MEAN = Quotient(over("n", "N", Product((GAMMA, X), ("",))), Scripted(Name("N"), K))

OBJECTIVE = Written(
    r"L = \sum_{n=1}^N \sum_{k=1}^K \gamma_{nk} [\log \pi_k + \log \mathcal N(x_n | \mu_k, \Sigma_k)]",
    7,
    stated(
        Name("L"),
        over(
            "n",
            "N",
            over(
                "k",
                "K",
                Product(
                    (GAMMA, Fenced("[", Sum((("+", Apply(Name("log"), PI)), ("+", density()))))),
                    ("",),
                ),
            ),
        ),
    ),
)
SINGLE = Written(r"\mu_k", 9, (Chain((MU,), ()),), display=False)
UP_TO = Written(
    r"\log \mathcal N(x_n | \mu_k, \Sigma_k) \propto -\frac12 (x_n-\mu_k)^T \Sigma_k^{-1} (x_n-\mu_k)",
    11,
    stated(density(), QUADRATIC, relation="propto"),
    display=False,
)
SLOPE = Written(r"\frac{\partial L}{\partial \mu_k} = \sum_n ... = 0", 15, stated(DL, WEIGHTED, ZERO))
STALE = Written(
    r"\frac{\partial L}{\partial \mu_k} = \sum_{n=1}^N \gamma_{nk} (x_n - \mu_k) = 0",
    19,
    stated(DL, over("n", "N", Product((GAMMA, DIFFERENCE), ("",))), ZERO),
)
BAD = Written(
    r"\Rightarrow \boxed{\mu_k = \frac{\sum_{n=1}^N \gamma_{nk} x_n}{N}}",
    23,
    stated(MU, Quotient(MEAN.numerator, Name("N")), link=Link.IMPLIES, boxed=True),
)
AFTER = Written(
    r"N \mu_k = \sum_n \gamma_{nk} x_n",
    25,
    stated(Product((Name("N"), MU), ("",)), MEAN.numerator, link=Link.EQUIVALENT),
)
UNREAD = Written(
    r"\Sigma_k = \frac{1}{N_k \sum_n \gamma_{nk} (x_n - \mu_k)",
    28,
    (),
    "a closing brace is missing",
    19,
)
DOCUMENT = Document(
    "ada.md",
    (
        Prose("MLE for the means. The log-likelihood:", 1),
        OBJECTIVE,
        Prose("Consider a single", 9),
        SINGLE,
        Prose(". Now,", 9),
        UP_TO,
        Prose("(other terms do not depend on the mean). Thus", 11),
        SLOPE,
        Prose("Multiplying both sides by the covariance, we get", 17),
        STALE,
        BAD,
        AFTER,
        Prose("Now the covariance.", 27),
        UNREAD,
        Prose("That is all.", 30),
    ),
    "gaussian-full",
)
EXAMPLE = CounterExample(
    (("N", 2), ("K", 2), ("D", 1)),
    (("x_1", "1"), ("x_2", "3"), (r"\gamma_{11}", "1/2"), (r"\gamma_{21}", "1/4")),
    "5/6",
    "5/8",
)
HINT = Hint(
    "the denominator",
    "the responsibilities of one component sum to its own count, not to the number of samples",
    r"\mu_k = \frac{\sum_n \gamma_{nk} x_n}{\sum_n \gamma_{nk}}",
)


def row(written: Written, verdict: Verdict, **more: object) -> Row:
    return Row(
        written.line,
        written.latex,
        verdict,
        column=written.column,
        display=written.display,
        **more,  # type: ignore[arg-type]
    )


FEEDBACK = Feedback(
    "ada.md",
    "gaussian-full",
    (
        row(
            OBJECTIVE,
            Verdict.NOTICE,
            says="defines L",
            remarks=(Remark("q-as-likelihood", "this is Q, the expected complete log-likelihood"),),
        ),
        row(
            UP_TO, Verdict.NOTICE, relation="propto", says="equal up to an additive constant, for which ∝ is not meant"
        ),
        row(SLOPE, Verdict.RIGHT),
        row(STALE, Verdict.EQUATION, says="holds since the whole is zero; the left side is no longer ∂L/∂μ_k"),
        row(
            BAD, Verdict.WRONG, says="N stands where N_k should", mistake="n-for-n-k", counterexample=EXAMPLE, hint=HINT
        ),
        row(AFTER, Verdict.FOLLOWS),
        row(UNREAD, Verdict.UNCHECKED, says="a closing brace is missing"),
    ),
    (("means", "wrong"), ("covariances", "absent"), ("weights", "right")),
    (Remark("unsaid", "N_k > 0 is assumed and not said"),),
    "That is all.",
)
CLEAN = Feedback("eve.md", "gaussian-full", (row(SLOPE, Verdict.RIGHT),), (("means", "right"),))
EMPTY = Feedback("nobody.md", "gaussian-full", (), ())
NASTY = Feedback(
    HOSTILE,
    HOSTILE,
    (
        Row(1, HOSTILE, Verdict.UNCHECKED, says=HOSTILE, column=5, prose=HOSTILE),
        Row(
            2,
            HOSTILE,
            Verdict.WRONG,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            CounterExample(((HOSTILE, 2),), ((HOSTILE, HOSTILE),), HOSTILE, HOSTILE, HOSTILE),
            (Remark(HOSTILE, HOSTILE),),
            Hint(HOSTILE, HOSTILE, HOSTILE),
        ),
    ),
    ((HOSTILE, HOSTILE),),
    (Remark(HOSTILE, HOSTILE),),
    HOSTILE,
)
NASTY_DOCUMENT = Document(
    HOSTILE,
    (
        Prose(HOSTILE, 1),
        Written(HOSTILE, 1, (), HOSTILE, 5),
        Written(HOSTILE, 2, (Chain((Scripted(Name(HOSTILE, HOSTILE, HOSTILE), Name(HOSTILE, word=True)),), ()),)),
    ),
)
