"""Words with symbols among them."""

import pytest

from derive.rendering.latex_text import inline
from derive.rendering.prose import prose
from derive.rendering.terminal import plain


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("M-step for mu[k]", "M-step for μ_k"),
        ("terms without Sigma dropped", "terms without Σ dropped"),
        ("sum_k q_nk = 1", "∑_k q_nk = 1"),
        ("log|A^-1| = -log|A|", "log|A⁻¹| = −log|A|"),
        ("squares with weights gamma_nk >= 0", "squares with weights γ_nk ≥ 0"),
        ("C C' is the positive definite matrix", "C Cᵀ is the positive definite matrix"),
        ("written in sigma2", "written in σ²"),
        ("terms without s2 dropped", "terms without s² dropped"),
        ("concave in s2^-1: over v1", "concave in s⁻²: over v_1"),
        ("mu_k^0 is a known value of mu_k; S^12 about it", "μ_k⁰ is a known value of μ_k; S¹² about it"),
        ("written in sigma2^-1", "written in σ⁻²"),
        ("terms without lam dropped, which do not depend on it", "terms without λ dropped, which do not depend on it"),
        ("log t <= t - 1, with equality at t = 1", "log t ≤ t − 1, with equality at t = 1"),
        ("d u^p = p u^(p-1) du", "d u^p = p u^(p−1) du"),
        ("(the bound F) - see q", "(the bound F) - see q"),
        ("a multiple of I; d is diagonal", "a multiple of I; d is diagonal"),
        ("A scalar is its own trace, a user's don't", "A scalar is its own trace, a user's don't"),
        ("tr(AB) = tr(BA)", "tr(AB) = tr(BA)"),
        ("d(log q) = dq / q", "d(log q) = dq / q"),
        ("delta and data, EM-step, x-axis", "δ and data, EM-step, x-axis"),
        ("", ""),
    ],
)
def test_plain(words: str, expected: str) -> None:
    assert plain(prose(words)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("needs N_k > 0", r"needs $N_k>0$"),
        ("which do not depend", "which do not depend"),
        ("d(AB) = (dA)B + A dB", r"$\mathrm{d}(AB)=(\mathrm{d}A)B+A\mathrm{d}B$"),
        ("d tr A = tr dA", r"$\mathrm{d}\,\text{tr}\,A=\text{tr}\,\mathrm{d}A$"),
        ("p(k | x_n) and (the bound F)", r"$p(k\mid x_n)$ and (the bound $F$)"),
        ("d u^p = p u^(p-1) du", r"$\mathrm{d}u^p=pu^{p-1}\mathrm{d}u$"),
        (r"\input{/etc/passwd} & 100 % of $x", r"\textbackslash{}input\{/etc/passwd\} \& 100 \% of \$$x$"),
        ("Gérard, 50 € — 中", r"Gérard, 50 [euro sign] --- [cjk unified ideograph-4e2d]"),
    ],
)
def test_latex_takes_no_word_for_a_command(words: str, expected: str) -> None:
    assert inline(prose(words)) == expected
