"""Sums, functions and their scope."""

import pytest

from derive.checking.parsing.statements import parse_row
from tests.checking.parsing.show import show_chain

ROWS = [
    (r"\sum_n a_n b_n + c", r"(+ sum_n~{a_n b_n})(+ c)"),
    (r"\sum_n \sum_k [a_n + b_k] c", r"sum_n~sum_k~{[(+ a_n)(+ b_k)] c}"),
    (r"\sum_{n,k} \gamma_{nk}", r"sum_n, k~gamma_{n k}"),
    (r"\sum_{k \neq j} \pi_k", r"sum_k != j~pi_k"),
    (r"\sum \gamma_{nk} x_n", r"sum~{gamma_{n k} x_n}"),
    (r"\sum^N_{n=1} x_n", r"sum_n = 1^N~x_n"),
    (r"\sum\limits_{n=1}^{N} x_n - N\mu", r"(+ sum_n = 1^N~x_n)(- {N mu})"),
    (r"\sum_{n=1}^N -\frac12 x_n", r"sum_n = 1^N~(- {<1 / 2> x_n})"),
    (
        r"\mu_{k}^{(t+1)} \leftarrow \frac{1}{N_k^{(t)}} \sum_{n} \gamma_{nk}^{(t)} x_n",
        r"mu_k^((+ t)(+ 1)) to {<1 / N_k^(t)> sum_n~{gamma_{n k}^(t) x_n}}",
    ),
    (r"\log \pi_k \mathcal N(x_n|\mu_k,\Sigma_k)", r"log@{pi_k cal:N (x_n | mu_k, Sigma_k)}"),
    (
        r"\log\left(\pi_k \mathcal{N}(x_n \mid \mu_k, \Sigma_k)\right) a",
        r"{log@({pi_k cal:N (x_n | mu_k, Sigma_k)}) a}",
    ),
    (r"\ln |\Sigma| + \log 2\pi", r"(+ ln@|Sigma|)(+ log@{2 pi})"),
    (r"\gamma_{nk} \log \pi_k \log x", r"{gamma_{n k} log@pi_k log@x}"),
    (r"\log(a) b", r"{log@(a) b}"),
    (r"\log \pi_k \cdot \mathcal N(x|\mu)", r"log@{pi_k cdot cal:N (x | mu)}"),
    (r"\log a \cdot b", r"{log@a cdot b}"),
    (r"-\frac{D}{2}\log(2\pi) - \frac{1}{2}\log|\Sigma_k|", r"(- {<D / 2> log@({2 pi})})(- {<1 / 2> log@|Sigma_k|})"),
    (r"-\frac{1}{2} \log (2\pi)^D |\Sigma|", r"(- {<1 / 2> log@{({2 pi})^D |Sigma|}})"),
    (
        (r"\frac{1}{(2\pi)^{D/2} |\Sigma_k|^{1/2}} \exp\left\{ -\frac12 (x-\mu)^T\Sigma^{-1}(x-\mu) \right\}"),
        (
            r"{<1 / {({2 pi})^<D // 2> |Sigma_k|^<1 // 2>}> exp@{(- {<1 / 2> ((+ x)(- mu))^T Sigma^(- 1) "
            r"((+ x)(- mu))})}}"
        ),
    ),
    (r"\exp{-\frac{1}{2} x}", r"exp@(- {<1 / 2> x})"),
    (r"x! \binom{n}{k}", r"{factorial@x binom@n, k}"),
    (r"\sqrt{2\pi} \sqrt[3]{x}", r"{sqrt@{2 pi} x^<1 / 3>}"),
    (r"\underbrace{\sum_n \gamma_{nk}}_{= N_k} x", r'{braced<sum_n~gamma_{n k}; "= N _ k"> x}'),
    (r"\text{where } N_k = \sum_n \gamma_{nk}", r"N_k = sum_n~gamma_{n k}"),
    (r"μ_k = ∑_{n} γ_{nk} x_n / N_k", r"mu_k = sum_n~{gamma_{n k} <x_n // N_k>}"),
    (r"√(2π) σ²", r"{sqrt@({2 pi}) sigma^2}"),
    (r"\operatorname{tr}(A) \mathrm{tr}[B] \text{tr}\{C\} \operatorname{Tr} D", r"{tr@(A) tr@[B] tr@{C} tr@D}"),
    (r"tr(A B) + Tr(C)", r"(+ tr@({A B}))(+ tr@(C))"),
    (r"\operatorname*{argmax}_\mu Q(\mu)", r"argmax_mu~{Q (mu)}"),
    (r"\arg\max_\theta L", r"argmax_theta~L"),
    (r"\max_k a_k + \max(a, b)", r"(+ max_k~a_k)(+ max@(a, b))"),
    (r"\mathrm{diag}(\sigma_1^2, \dots, \sigma_D^2)", r"diag@(sigma_1^2, ldots, sigma_D^2)"),
    (r"\lambda(1 - \sum_k \pi_k)", r"{lambda ((+ 1)(- sum_k~pi_k))}"),
    (
        (r"\gamma(z_{nk}) = \frac{\pi_k N(x_n|\mu_k,\Sigma_k)}{\sum_{j=1}^K \pi_j N(x_n|\mu_j,\Sigma_j)}"),
        (r"{gamma (z_{n k})} = <{pi_k N (x_n | mu_k, Sigma_k)} / sum_j = 1^K~{pi_j N (x_n | mu_j, Sigma_j)}>"),
    ),
    (r"\Gamma(\alpha) \psi(\alpha) \log\Gamma(\alpha_k) x", r"{Gamma@(alpha) psi (alpha) log@Gamma@(alpha_k) x}"),
    (r"\int p(x) dx = 1", r"int~{p (x) d x} = 1"),
    (
        r"\prod_{n=1}^N \prod_{k=1}^K \left[ \pi_k N(x_n|\mu_k) \right]^{z_{nk}}",
        r"prod_n = 1^N~prod_k = 1^K~[{pi_k N (x_n | mu_k)}]^z_{n k}",
    ),
    (
        r"\mu_k = \frac{\sum_n \gamma_{nk} x_n}{\sum_n \gamma_{nk}}.",
        r"mu_k = <sum_n~{gamma_{n k} x_n} / sum_n~gamma_{n k}>",
    ),
    (r"{\bf x}_n {\rm tr}(A) {\cal N}", r"{x_n tr@(A) cal:N}"),
    (r"\sum_{i: z_i = k} x_i", r"sum_i : z_i = k~x_i"),
    (r"\sum_{\substack{j=1 \\ j\neq k}}^K a", r"sum_j = 1, j != k^K~a"),
    (r"\log^2 x", r"log^2@x"),
    (r"\log \det \Sigma", r"log@det@Sigma"),
    (r"\det(\Sigma)^{-1/2}", r"det@(Sigma)^(- <1 // 2>)"),
    (r"\frac{1}{2}\log\left|\Sigma_k^{-1}\right| a", r"{<1 / 2> log@|Sigma_k^(- 1)| a}"),
    (r"\text{tr} \left[ A \right]", r"tr@[A]"),
    (r"N_k := \sum_n \gamma_{nk}", r"N_k := sum_n~gamma_{n k}"),
    (r"\sqrt[3]{x} + \log \sqrt{2\pi} \sigma", r"(+ x^<1 / 3>)(+ log@{sqrt@{2 pi} sigma})"),
    (r"{\bf x}_n {\rm tr}(A) {\cal N}(x|\mu)", r"{x_n tr@(A) cal:N (x | mu)}"),
    (r"\log\Gamma(\alpha_k) x", r"{log@Gamma@(alpha_k) x}"),
    (
        r"\mathcal{L}(\mu, \Sigma, \pi, \lambda) = Q + \lambda\left(\sum_{k} \pi_k - 1\right)",
        r"{cal:L (mu, Sigma, pi, lambda)} = (+ Q)(+ {lambda ((+ sum_k~pi_k)(- 1))})",
    ),
    (r"\mathbb{E}_{q(z)}\left[ \log \frac{p(x,z)}{q(z)} \right]", r"{bb:E_{q (z)} [log@<{p (x, z)} / {q (z)}>]}"),
    (
        (
            r"\sum_{n=1}^N \left( -\frac{D}{2}\log 2\pi - \frac12 \log |\Sigma_k| - \frac12 "
            r"(x_n-\mu_k)^\top \Sigma_k^{-1}(x_n-\mu_k) \right)"
        ),
        (
            r"sum_n = 1^N~((- {<D / 2> log@{2 pi}})(- {<1 / 2> log@|Sigma_k|})(- {<1 / 2> ((+ x_n)(- "
            r"mu_k))^top Sigma_k^(- 1) ((+ x_n)(- mu_k))}))"
        ),
    ),
    (
        (
            r"= -\sum_{n=1}^{N} \frac{\pi_k "
            r"\mathcal{N}(\mathbf{x}_n|\boldsymbol{\mu}_k,\boldsymbol{\Sigma}_k)}{\sum_j \pi_j "
            r"\mathcal{N}(\mathbf{x}_n|\boldsymbol{\mu}_j,\boldsymbol{\Sigma}_j)} \boldsymbol{\Sigma}_k "
            r"(\mathbf{x}_n - \boldsymbol{\mu}_k)"
        ),
        (
            r"= (- sum_n = 1^N~{<{pi_k cal:N (x_n | mu_k, Sigma_k)} / sum_j~{pi_j cal:N (x_n | mu_j, "
            r"Sigma_j)}> Sigma_k ((+ x_n)(- mu_k))})"
        ),
    ),
    (r"\phi_j = \frac{1}{m} \sum_{i=1}^m w_j^{(i)}", r"phi_j = {<1 / m> sum_i = 1^m~w_j^(i)}"),
    (r"\pi_k^{new} = N_k / N, N_k = \sum_n \gamma_{nk}", r'pi_k^"new" = <N_k // N> ;; , N_k = sum_n~gamma_{n k}'),
    (
        r"p(x) = \sum_z p(z)p(x|z) = \sum_{k=1}^{K}\pi_k N(x|\mu_k,\Sigma_k)",
        r"{p (x)} = sum_z~{p (z) p (x | z)} = sum_k = 1^K~{pi_k N (x | mu_k, Sigma_k)}",
    ),
    (
        (r"\ell(\theta) = \sum_{n=1}^N \log\left(\sum_{k=1}^K \pi_k \mathcal{N}(x_n\mid\mu_k,\Sigma_k)\right)"),
        r"{ell (theta)} = sum_n = 1^N~log@(sum_k = 1^K~{pi_k cal:N (x_n | mu_k, Sigma_k)})",
    ),
    (
        r"\implies \sum_{n}\gamma_{nk}x_n = \mu_k\sum_n\gamma_{nk}",
        r"=> sum_n~{gamma_{n k} x_n} = {mu_k sum_n~gamma_{n k}}",
    ),
    (
        (
            r"0 = \sum_n \gamma_{nk} (x_n - \mu_k) \;\;\Longleftrightarrow\;\; \mu_k = "
            r"\frac{\sum_n\gamma_{nk}x_n}{\sum_n\gamma_{nk}}"
        ),
        (r"0 = sum_n~{gamma_{n k} ((+ x_n)(- mu_k))} ;; <=> mu_k = <sum_n~{gamma_{n k} x_n} / sum_n~gamma_{n k}>"),
    ),
    (
        r"\pi_k=\frac{N_k}{\lambda},\quad\sum_k\pi_k=1\Rightarrow\lambda=\sum_kN_k=N",
        r"pi_k = <N_k / lambda> ;; , sum_k~pi_k = 1 ;; => lambda = sum_k~N_k = N",
    ),
    (
        r"\frac{1}{\sqrt{2\pi\sigma_k^2}}e^{-(x_n-\mu_k)^2/(2\sigma_k^2)}",
        r"{<1 / sqrt@{2 pi sigma_k^2}> e^(- <((+ x_n)(- mu_k))^2 // ({2 sigma_k^2})>)}",
    ),
    (
        r"\log \frac{1}{\sqrt{2\pi}\sigma_k} \exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
        r"log@{<1 / {sqrt@{2 pi} sigma_k}> exp@((- <((+ x)(- mu))^2 / {2 sigma^2}>))}",
    ),
    (
        r"\gamma_{nk}=\frac{\pi_k\,p_k(x_n)}{\sum_{l}\pi_l\,p_l(x_n)}",
        r"gamma_{n k} = <{pi_k p_k (x_n)} / sum_l~{pi_l p_l (x_n)}>",
    ),
    (r"\mathop{\mathrm{arg\,max}}_{\theta} Q", r"argmax_theta~Q"),
    (r"\underset{\theta}{\operatorname{arg\,max}}\; Q(\theta)", r"argmax_theta~{Q (theta)}"),
    (r"\propto \exp(-x)", r"propto exp@((- x))"),
    (r"\lambda^{x}e^{-\lambda}/x!", r"{lambda^x <e^(- lambda) // factorial@x>}"),
    (r"\log x! + \log\lambda_k", r"(+ log@factorial@x)(+ log@lambda_k)"),
    (r"-\lambda_k + x_n\log\lambda_k - \log x_n!", r"(- lambda_k)(+ {x_n log@lambda_k})(- log@factorial@x_n)"),
    (r"\frac{n!}{k!(n-k)!}", r"<factorial@n / {factorial@k factorial@((+ n)(- k))}>"),
    (
        r"\sum_{d=1}^D x_{nd}\log\theta_{kd}+(1-x_{nd})\log(1-\theta_{kd})",
        (r"(+ sum_d = 1^D~{x_{n d} log@theta_{k d}})(+ {((+ 1)(- x_{n d})) log@((+ 1)(- theta_{k d}))})"),
    ),
    (r"10000000!", r"factorial@10000000"),
    (r"\pi_k \geq 0, \sum_k \pi_k = 1", r"pi_k >= 0 ;; , sum_k~pi_k = 1"),
    (r"\sum_n \gamma_{nk} =: N_k", r"sum_n~gamma_{n k} =: N_k"),
    (r"L(\mu) := \sum_n \ln p(x_n)", r"{L (mu)} := sum_n~ln@{p (x_n)}"),
    (
        r"\log p(X|\theta) \geq \sum_n \sum_k q_{nk} \log \frac{\pi_k N(x_n|\mu_k)}{q_{nk}}",
        r"log@{p (X | theta)} >= sum_n~sum_k~{q_{n k} log@<{pi_k N (x_n | mu_k)} / q_{n k}>}",
    ),
    (
        r"\mathcal{L}(q, \theta) = \sum_{Z} q(Z) \ln \left\{ \frac{p(X,Z|\theta)}{q(Z)} \right\}",
        r"{cal:L (q, theta)} = sum_Z~{q (Z) ln@{<{p (X, Z | theta)} / {q (Z)}>}}",
    ),
    (
        r"= \frac{1}{2}\sum_n\gamma_{nk}\Big[ \Sigma_k - (x_n - \mu_k)(x_n-\mu_k)^T \Big] = 0",
        (r"= {<1 / 2> sum_n~{gamma_{n k} [(+ Sigma_k)(- {((+ x_n)(- mu_k)) ((+ x_n)(- mu_k))^T})]}} = 0"),
    ),
    (
        r"\sigma_k^2 = \frac{1}{D N_k}\sum_n \gamma_{nk}\|x_n-\mu_k\|^2",
        r"sigma_k^2 = {<1 / {D N_k}> sum_n~{gamma_{n k} ||(+ x_n)(- mu_k)||^2}}",
    ),
    (
        r"\hat{\Sigma} = \frac1N\sum_{k}\sum_n\gamma_{nk}(x_n-\hat\mu_k)(x_n-\hat\mu_k)^{\!\top}",
        (r"hat:Sigma = {<1 / N> sum_k~sum_n~{gamma_{n k} ((+ x_n)(- hat:mu_k)) ((+ x_n)(- hat:mu_k))^top}}"),
    ),
    (
        r"-\frac{N}{2} \log 2 \pi - \frac{1}{2} \sum_n (x_n - \mu)^2 / \sigma^2",
        r"(- {<N / 2> log@{2 pi}})(- {<1 / 2> sum_n~<((+ x_n)(- mu))^2 // sigma^2>})",
    ),
    (r"\ln(2\pi)^{-D/2}", r"ln@({2 pi})^(- <D // 2>)"),
    (r"\log\{\pi_k N(x_n|\mu_k,\Sigma_k)\}", r"log@{{pi_k N (x_n | mu_k, Sigma_k)}}"),
    (r"\exp(\log a + \log b)", r"exp@((+ log@a)(+ log@b))"),
    (
        r"\sum_{n=1}^{N}\sum_{k=1}^{K}z_{nk}\{\ln\pi_k+\ln\mathcal{N}(x_n|\mu_k,\Sigma_k)\}",
        r"sum_n = 1^N~sum_k = 1^K~{z_{n k} {(+ ln@pi_k)(+ ln@{cal:N (x_n | mu_k, Sigma_k)})}}",
    ),
    (r"p(\mathbf z)=\prod_{k=1}^K\pi_k^{z_k}", r"{p (z)} = prod_k = 1^K~pi_k^z_k"),
    (
        r"N_k \mu_k = \sum_n \gamma_{nk} x_n \qquad \text{(multiply by } \Sigma_k \text{)}",
        r"{N_k mu_k} = sum_n~{gamma_{n k} x_n} ;; , Sigma_k",
    ),
    (r"\mu_k = \frac{\sum_{n} \gamma_{nk} x_n}{N_k} \tag{3} \label{x}", r"mu_k = <sum_n~{gamma_{n k} x_n} / N_k>"),
    (
        r"\frac{\pi_k f_k(x_n; \theta_k)}{\sum_l \pi_l f_l(x_n; \theta_l)}",
        r"<{pi_k f_k (x_n ; theta_k)} / sum_l~{pi_l f_l (x_n ; theta_l)}>",
    ),
    (
        r"\mu_k^{\mathrm{new}} = \frac{1}{N_k}\sum_{n=1}^N\gamma(z_{nk})\mathbf{x}_n",
        r'mu_k^"new" = {<1 / N_k> sum_n = 1^N~{gamma (z_{n k}) x_n}}',
    ),
    (r"\operatorname{Tr}\left(\Sigma_k^{-1} S_k\right)", r"tr@({Sigma_k^(- 1) S_k})"),
    (
        r"S_k := \frac{1}{N_k} \sum_n \gamma_{nk} (x_n-\mu_k)(x_n-\mu_k)'",
        r"S_k := {<1 / N_k> sum_n~{gamma_{n k} ((+ x_n)(- mu_k)) ((+ x_n)(- mu_k))'}}",
    ),
    (r"\sum_n\gamma_{nk}x_n-\mu_k\sum_n\gamma_{nk}=0", r"(+ sum_n~{gamma_{n k} x_n})(- {mu_k sum_n~gamma_{n k}}) = 0"),
    (r"\ell = \sum_i \log f(x_i) \text{ (log-likelihood)}", r"ell = sum_i~log@{f (x_i)}"),
    (
        r"\mu_k = \arg \min_\mu \sum_n \gamma_{nk} \|x_n - \mu\|^2",
        r"mu_k = argmin_mu~sum_n~{gamma_{n k} ||(+ x_n)(- mu)||^2}",
    ),
    (r"\int_{-\infty}^{\infty} p(x)\,dx", r"int_(- infty)^infty~{p (x) d x}"),
    (r"\sum_{n} {\gamma_{nk}} {x_n}", r"sum_n~{gamma_{n k} x_n}"),
]


@pytest.mark.parametrize(("latex", "expected"), ROWS)
def test_a_row_is_read(latex: str, expected: str) -> None:
    assert " ;; ".join(map(show_chain, parse_row(latex))) == expected
