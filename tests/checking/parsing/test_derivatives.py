"""Derivatives."""

import pytest

from derive.checking.parsing.statements import parse_row
from tests.checking.parsing.show import show_chain

ROWS = [
    (r"\frac{\partial L}{\partial \mu_k} = 0", r"D[mu_k]L = 0"),
    (r"\frac{\partial^2 L}{\partial \mu_k^2}", r"D2[mu_k]L"),
    (r"\frac{\partial^2 L}{\partial \mu_k \partial \mu_k^T}", r"D2[mu_k, mu_k^T]L"),
    (r"\partial L/\partial\mu_k = x", r"D[mu_k]L = x"),
    (
        r"\frac{\partial}{\partial\mu_k} (x-\mu_k)^T A (x - \mu_k) + b",
        r"(+ D[mu_k]{((+ x)(- mu_k))^T A ((+ x)(- mu_k))})(+ b)",
    ),
    (r"\frac{\partial}{\partial\mu_k} [ a ] b", r"{D[mu_k][a] b}"),
    (
        r"\frac{d}{d\mu} f = \frac{dL}{d\mu_k} + \frac{\mathrm{d} L}{\mathrm{d} \mu} + \frac{d}{2}",
        r"D[mu]f = (+ D[mu_k]L)(+ D[mu]L)(+ <d / 2>)",
    ),
    (r"\nabla_{\mu_k} L = \partial_{\mu_k} L", r"D[mu_k]L = D[mu_k]L"),
    (r"\nabla L", r"D[]L"),
    (r"∂L/∂μ_k = 0 ⇒ μ_k = x̄", r"D[mu_k]L = 0 ;; => mu_k = bar:x"),
    (r"\left. \frac{\partial L}{\partial \mu} \right|_{\mu = \hat\mu} = 0", r"at@D[mu]L, mu = hat:mu = 0"),
    (r"\frac{\partial L}{\partial\mu}\Big|_{\mu=0}", r"at@D[mu]L, mu = 0"),
    (r"\frac{\partial \log|\Sigma|}{\partial \Sigma} = \Sigma^{-T}", r"D[Sigma]log@|Sigma| = Sigma^(- T)"),
    (
        (
            r"\frac{\partial}{\partial \mu_k} \ln "
            r"p(\mathbf{X}|\boldsymbol{\pi},\boldsymbol{\mu},\boldsymbol{\Sigma})"
        ),
        r"D[mu_k]ln@{p (X | pi, mu, Sigma)}",
    ),
    (
        (
            r"\nabla_{\mu_l} \sum_{i=1}^m \sum_{j=1}^k w_j^{(i)} \log "
            r"\frac{\frac{1}{(2\pi)^{n/2}|\Sigma_j|^{1/2}} "
            r"\exp\left(-\frac{1}{2}(x^{(i)}-\mu_j)^T\Sigma_j^{-1}(x^{(i)}-\mu_j)\right)\cdot\phi_j}{w_j^{(i)}}"
        ),
        (
            r"D[mu_l]sum_i = 1^m~sum_j = 1^k~{w_j^(i) log@<{<1 / {({2 pi})^<n // 2> |Sigma_j|^<1 // 2>}> "
            r"exp@((- {<1 / 2> ((+ x^(i))(- mu_j))^T Sigma_j^(- 1) ((+ x^(i))(- mu_j))})) cdot phi_j} / "
            r"w_j^(i)>}"
        ),
    ),
    (
        (
            r"= \frac{1}{2} \sum_{i=1}^m w_l^{(i)} \nabla_{\mu_l} \left(2\mu_l^T \Sigma_l^{-1} x^{(i)} - "
            r"\mu_l^T \Sigma_l^{-1}\mu_l\right)"
        ),
        (
            r"= {<1 / 2> sum_i = 1^m~{w_l^(i) D[mu_l]((+ {2 mu_l^T Sigma_l^(- 1) x^(i)})(- {mu_l^T "
            r"Sigma_l^(- 1) mu_l}))}}"
        ),
    ),
    (r"d\,\mathrm{tr}(A X) = \mathrm{tr}(A\, dX)", r"{d tr@({A X})} = tr@({A d X})"),
    (r"\mathrm{d} L = \mathrm{tr}(A \mathrm{d}\Sigma)", r"{d L} = tr@({A d Sigma})"),
    (
        (
            r"\text{Setting } \frac{\partial L}{\partial \mu_k} = 0 \text{ gives } \mu_k = "
            r"\frac{1}{N_k}\sum_n \gamma_{nk}x_n"
        ),
        r"D[mu_k]L = 0 ;; => mu_k = {<1 / N_k> sum_n~{gamma_{n k} x_n}}",
    ),
    (
        (
            r"\frac{\partial \mathcal{L}}{\partial \Sigma_k} = \sum_{n} \gamma_{nk}\left( "
            r"-\frac{1}{2}\Sigma_k^{-1} + "
            r"\frac{1}{2}\Sigma_k^{-1}(x_n-\mu_k)(x_n-\mu_k)^T\Sigma_k^{-1}\right) \overset{!}{=} 0"
        ),
        (
            r"D[Sigma_k]cal:L = sum_n~{gamma_{n k} ((- {<1 / 2> Sigma_k^(- 1)})(+ {<1 / 2> Sigma_k^(- 1) "
            r"((+ x_n)(- mu_k)) ((+ x_n)(- mu_k))^T Sigma_k^(- 1)}))} set 0"
        ),
    ),
    (
        r"\frac{\partial}{\partial\pi_k}\left[\sum_{k}N_k\log\pi_k+\lambda(\sum_k\pi_k-1)\right]",
        r"D[pi_k][(+ sum_k~{N_k log@pi_k})(+ {lambda ((+ sum_k~pi_k)(- 1))})]",
    ),
    (r"\frac{\partial \ln|\mathbf{A}|}{\partial \mathbf{A}} = (\mathbf{A}^{-1})^{T}", r"D[A]ln@|A| = (A^(- 1))^T"),
    (
        (
            r"\frac{\partial}{\partial \Sigma_k} \log |\Sigma_k| = \Sigma_k^{-1}, \quad "
            r"\frac{\partial}{\partial \Sigma_k} x^T \Sigma_k^{-1} x = -\Sigma_k^{-1}xx^T\Sigma_k^{-1}"
        ),
        (
            r"D[Sigma_k]log@|Sigma_k| = Sigma_k^(- 1) ;; , D[Sigma_k]{x^T Sigma_k^(- 1) x} = (- "
            r"{Sigma_k^(- 1) x x^T Sigma_k^(- 1)})"
        ),
    ),
    (
        (
            r"\frac{\partial Q}{\partial \lambda_k} = \sum_n r_{nk}\left(\frac{x_n}{\lambda_k} - "
            r"1\right) = 0 \implies \lambda_k = \frac{\sum_n r_{nk}x_n}{\sum_n r_{nk}}"
        ),
        (
            r"D[lambda_k]Q = sum_n~{r_{n k} ((+ <x_n / lambda_k>)(- 1))} = 0 ;; => lambda_k = "
            r"<sum_n~{r_{n k} x_n} / sum_n~r_{n k}>"
        ),
    ),
    (
        r"\mathrm{d}\log|\Sigma| = \operatorname{tr}(\Sigma^{-1}\mathrm{d}\Sigma)",
        r"{d log@|Sigma|} = tr@({Sigma^(- 1) d Sigma})",
    ),
    (r"\frac{\mathrm{d}L}{\mathrm{d}\sigma^2}", r"D[sigma^2]L"),
    (
        r"\frac{\partial L}{\partial (\Sigma_k^{-1})} = \frac{\partial L}{\partial \Lambda_k}",
        r"D[Sigma_k^(- 1)]L = D[Lambda_k]L",
    ),
    (
        (r"\left.\frac{\partial L}{\partial \mu_k}\right|_{\mu_k=\hat\mu_k} \stackrel{\text{set}}{=} 0"),
        r"at@D[mu_k]L, mu_k = hat:mu_k set 0",
    ),
    (
        r"\frac{\partial^2 L}{\partial \mu_k \, \partial \mu_k^\top} = -N_k\Sigma_k^{-1} \prec 0",
        r"D2[mu_k, mu_k^top]L = (- {N_k Sigma_k^(- 1)}) prec 0",
    ),
]


@pytest.mark.parametrize(("latex", "expected"), ROWS)
def test_a_row_is_read(latex: str, expected: str) -> None:
    assert " ;; ".join(map(show_chain, parse_row(latex))) == expected
