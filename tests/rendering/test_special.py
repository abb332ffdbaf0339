"""Special functions as a textbook writes them, on the terminal and in LaTeX."""

import pytest

from derive.language import (
    absolute,
    atan2,
    bessel_ratio,
    cos,
    digamma,
    log_bessel_i,
    log_beta,
    loggamma,
    polygamma,
    sin,
    trigamma,
)
from derive.language.excess import Excess
from derive.language.expr import Expr
from derive.rendering.latex_style import latex
from derive.rendering.notation import notation
from derive.rendering.text_style import text
from tests.rendering.symbols import D, gamma, pi, total, variance

CASES: list[tuple[str, str, Expr]] = [
    ("log Γ(π_k)", r"\log \Gamma(\pi_k)", loggamma(pi)),
    ("ψ(π_k + 1)", r"\psi(\pi_k + 1)", digamma(pi + 1)),
    ("ψ′(π_k)", r"\psi'(\pi_k)", trigamma(pi)),
    ("ψ⁽³⁾(π_k)", r"\psi^{(3)}(\pi_k)", polygamma(3, pi)),
    ("log I_0(π_k)", r"\log I_0(\pi_k)", log_bessel_i(0, pi)),
    ("cos(π_k − σ_k²)", r"\cos(\pi_k - \sigma_k^2)", cos(pi - variance)),
    ("sin(π_k)", r"\sin(\pi_k)", sin(pi)),
    ("|π_k − σ_k²|", r"|\pi_k - \sigma_k^2|", absolute(pi - variance)),
    ("[ log Γ(π_k) ] log Γ(σ_k²)", r"[\log \Gamma(\pi_k)] \log \Gamma(\sigma_k^2)", loggamma(pi) * loggamma(variance)),
    ("∑_n γ_nk ψ′(π_k)", r"\sum_{n=1}^{N} \gamma_{nk} \psi'(\pi_k)", total(gamma * trigamma(pi))),
    ("log Γ(π_k) + log Γ(3) − log Γ(π_k + 3)", "", log_beta(pi, 3)),
    ("π_k^(σ_k²)", "", pi**variance),
    ("π_k^(2 σ_k²)", "", pi ** (2 * variance)),
    ("π_k/(σ_k²)^(π_k)", "", pi / variance**pi),
    ("(I_1(π_k)/I_0(π_k))²", "", bessel_ratio(0, pi) ** 2),
    ("log I_{D/2 − 1}(π_k)", "", log_bessel_i(D / 2 - 1, pi)),
    ("atan2(π_k, σ_k²)", r"\operatorname{atan2}(\pi_k, \sigma_k^2)", atan2(pi, variance)),
]


@pytest.mark.parametrize(("expected", "tex", "expr"), CASES, ids=[case[0] for case in CASES])
def test_formulas(expected: str, tex: str, expr: Expr) -> None:
    assert text(notation(expr)) == expected
    assert not tex or latex(notation(expr)) == tex


def test_an_excess_reads_as_a_difference() -> None:
    assert text(notation(pi * Excess("trigamma", (pi,)))) == "π_k [ ψ′(π_k) − 1/π_k ]"
    assert text(notation(Excess("bessel-ratio", (D / 2 - 1, pi)))) == "1 − I_{D/2}(π_k)/I_{D/2 − 1}(π_k)"
