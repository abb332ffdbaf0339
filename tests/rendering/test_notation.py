"""Formulas as a textbook writes them; the expected strings were checked by eye against the derivation by hand."""

from fractions import Fraction

import pytest

from derive.calculus.differential import direction
from derive.language.calculus_nodes import (
    At,
    Derivative,
    Expectation,
    Factor,
    FrobeniusNorm,
    Gap,
    Named,
    SecondDifferential,
)
from derive.language.expr import Expr, Identity, power
from derive.language.family import Family, Known, Role
from derive.language.functions import PI, diagonal_part, exp, inverse, log, logdet, quad, sqrt, sum_over, trace
from derive.language.index import Extent
from derive.rendering.latex_style import latex
from derive.rendering.notation import notation
from derive.rendering.text_style import text
from tests.rendering.symbols import (
    D,
    Q,
    count,
    difference,
    gamma,
    gamma_family,
    j,
    k,
    mu,
    mu_family,
    multiplier,
    n,
    outer,
    pi,
    precision,
    sigma,
    total,
    variance,
    x,
)

DENSITY = -D * log(2 * PI) / 2 - logdet(sigma) / 2 - quad(inverse(sigma), difference) / 2
d_mu = direction(mu_family)[k]
z = Family("z", Role.LATENT, (n, k))
B = Known("B", shape=(D, D))

SEED = {
    r"\sum_{n=1}^{N} \gamma_{nk} \Sigma_k^{-1} (x_n - \mu_k)": total(gamma * (inverse(sigma) * difference)),
    r"\frac{\sum_{n=1}^{N} \gamma_{nk} x_n}{\sum_{n=1}^{N} \gamma_{nk}}": power(count, -1) * total(gamma * x),
    r"\frac{1}{2} \log|\Sigma_k^{-1}| - \frac{1}{2} (x_n - \mu_k)^T \Sigma_k^{-1} (x_n - \mu_k)": (
        logdet(precision) / 2 - quad(precision, difference) / 2
    ),
    r"\frac{1}{2} \log|\Sigma_k^{-1}| - \frac{1}{2} \text{tr}[(x_n - \mu_k) (x_n - \mu_k)^T \Sigma_k^{-1}]": (
        logdet(precision) / 2 - trace(outer * precision) / 2
    ),
    r"\frac{1}{2} \sum_{n=1}^{N} \gamma_{nk} [(\Sigma_k^{-1})^{-1} - (x_n - \mu_k) (x_n - \mu_k)^T]": (
        total(gamma * (inverse(precision) - outer)) / 2
    ),
    r"\frac{1}{\sum_{n=1}^{N} \gamma_{nk}} \left[ \sum_{n=1}^{N} \gamma_{nk} (x_n - \mu_k) (x_n - \mu_k)^T \right]": (
        power(count, -1) * total(gamma * outer)
    ),
    r"\lambda \left[ 1 - \sum_{k=1}^{K} \pi_k \right]": multiplier * (1 - sum_over(k, pi)),
    r"\sum_{n=1}^{N} \frac{\gamma_{nk}}{\pi_k} - \lambda": total(gamma / pi) - multiplier,
    r"\frac{\partial Q}{\partial\mu_k}": Derivative(Q, mu),
    r"\frac{\partial}{\partial\mu_k} \left[ -\frac{1}{2} (x_n - \mu_k)^T \Sigma_k^{-1} (x_n - \mu_k) \right]": (
        Derivative(quad(inverse(sigma), difference) / -2, mu)
    ),
}

TERMINAL: list[tuple[str, Expr]] = [
    ("x_n − μ_k", -mu + x),
    ("−½ log|Σ_k| − ½ (x_n − μ_k)ᵀ Σ_k⁻¹ (x_n − μ_k)", -logdet(sigma) / 2 - quad(inverse(sigma), difference) / 2),
    ("−(D/2) log(2 π) − ½ log|Σ_k| − ½ (x_n − μ_k)ᵀ Σ_k⁻¹ (x_n − μ_k)", DENSITY),
    ("∑_n γ_nk (x_n − μ_k)(x_n − μ_k)ᵀ / ∑_n γ_nk", power(count, -1) * total(gamma * outer)),
    ("[ ∑_n γ_nk ] Σ_k", count * sigma),
    ("∑_n γ_nk Σ_k", total(gamma * sigma)),
    ("∑_n γ_nk/π_k", total(gamma / pi)),
    ("∑_n γ_nk / (2 σ_k²)", count / (2 * variance)),
    ("σ_k⁴", variance**2),
    ("√(σ_k²)", sqrt(variance)),
    ("(σ_k²)^(3/2)", power(sqrt(variance), 3)),
    ("(log π_k)²", log(pi) ** 2),
    ("[ ∑_n γ_nk ] log π_k", log(pi) * count),
    ("[ log π_k ] log σ_k²", log(pi) * log(variance)),
    ("[ log π_k ] μ_k", log(pi) * mu),
    ("log(2 π_k)", log(2 * pi)),
    ("log ∑_k exp(π_k)", log(sum_over(k, exp(pi)))),
    ("[ ∑_n γ_nk ]²", count**2),
    ("(π_k + σ_k²)²", (pi + variance) ** 2),
    ("π_k [ σ_k² − log π_k ]", pi * (variance - log(pi))),
    ("π_k − (σ_k² + 1)", Named("a", "", pi).definition - Named("b", "", variance + 1).definition),
    ("−∑_n γ_nk", total(-gamma)),
    ("π_k/σ_k² − 1", pi / variance - 1),
    ("∑_n (γ_nk π_k / σ_k²)", total(gamma * pi / variance)),
    ("(x_n + μ_k)ᵀ Σ_k⁻¹ B", (x + mu).T * inverse(sigma) * B),
    ("(B Σ_k)⁻¹", inverse(B * sigma)),
    ("B⁻ᵀ", inverse(B.T)),
    ("𝔼_γ[ ∑_n z_nk ]", Expectation(total(z[n, k]), z, gamma_family)),
    ("d_μ² Q", SecondDifferential(Q, mu_family, d_mu.family)),  # type: ignore[attr-defined]
    ("(dμ_k)ᵀ Σ_k⁻¹ dμ_k", quad(inverse(sigma), d_mu)),
    ("‖(Σ_k⁻¹)^(T/2) dμ_k‖²", FrobeniusNorm(Factor(inverse(sigma)).T * d_mu)),
    ("Σ_k^(−1/2)", inverse(Factor(sigma))),
    ("[ Q ]_{μ_k = x_n}", At(Q, mu, x)),
    ("σ_k² − 1 − log σ_k²", Gap(variance)),
    ("exp(π_k) / ∑_j exp(π_j)", exp(pi) / sum_over(j, exp(pi.family[j]))),  # type: ignore[attr-defined]
    ("((x_n − μ_k)ᵀ(x_n − μ_k) / D) I", power(D + 0, -1) * (difference.T * difference) * Identity(Extent("D"))),
    ("diag[ (x_n − μ_k)(x_n − μ_k)ᵀ ]", diagonal_part(outer)),
    ("2 · 3^(1/3)", 2 * power(3, Fraction(1, 3))),
]


@pytest.mark.parametrize("expected", SEED)
def test_lines_of_the_derivation_by_hand(expected: str) -> None:
    assert latex(notation(SEED[expected])) == expected


@pytest.mark.parametrize(("expected", "expr"), TERMINAL, ids=[expected for expected, _ in TERMINAL])
def test_terminal(expected: str, expr: Expr) -> None:
    assert text(notation(expr)) == expected
