"""Names of symbols become letters."""

import pytest

from derive.rendering.latex_style import latex
from derive.rendering.layout import Layout
from derive.rendering.names import of_latex, of_name, scripted
from derive.rendering.text_style import text


def spelled(layout: Layout) -> tuple[str, str]:
    return latex(layout), text(layout)


@pytest.mark.parametrize(
    ("name", "indices", "expected"),
    [
        ("Sigma", ("k",), (r"\Sigma_k", "Σ_k")),
        ("sigma2", ("k",), (r"\sigma_k^2", "σ_k²")),
        ("sigma2", (), (r"\sigma^2", "σ²")),
        ("x2", (), ("x_2", "x_2")),
        ("mu_0", (), (r"\mu_0", "μ_0")),
        ("mu_0", ("k",), (r"\mu_{0k}", "μ_0k")),
        ("gamma", ("n", "k"), (r"\gamma_{nk}", "γ_nk")),
        ("rate", ("k",), (r"\mathrm{rate}_k", "rate_k")),
        ("lambda_", (), (r"\lambda", "λ")),
        ("lam", (), (r"\lambda", "λ")),
        ("x", ("m'",), (r"x_{m'}", "x_m′")),
        ("_", (), (r"\mathrm{}", "")),
    ],
)
def test_by_name(name: str, indices: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert spelled(scripted(of_name(name), indices)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (r"\hat{\mu}", (r"\hat{\mu}", "μ\u0302")),
        (r"\mathcal{L}", (r"\mathcal{L}", "ℒ")),
        (r"\mathrm{d}\mu", (r"\mathrm{d}\mu", "dμ")),
        (r"\log p(X \mid \theta)", (r"\log p(X\mid\theta)", "log p(X | θ)")),
        (r"\ell_{nk}", (r"\ell_{nk}", "ℓ_nk")),
        (r"\operatorname{Cov}", (r"\operatorname{Cov}", "Cov")),
        (r"\weird{x}", (r"\weird{x}", "fallback")),
        ("}{", ("}{", "fallback")),
        ("^2", ("^2", "fallback")),
    ],
)
def test_by_latex(given: str, expected: tuple[str, str]) -> None:
    assert spelled(of_latex(given, "fallback")) == expected
