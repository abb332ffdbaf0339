"""Statements: relations, links, lists, remarks."""

import pytest

from derive.checking.parsing.statements import parse_row
from tests.checking.parsing.show import show_chain

ROWS = [
    (r"\mu_k^{(i)} = \mu_j^{new}", r'mu_k^(i) = mu_j^"new"'),
    (r"p(z_n=k|x_n,\theta)", r"{p (z_n = k | x_n, theta)}"),
    (r"\mathbb{E}[z_{nk}] \mathbb{1}[z_n = k]", r"{bb:E [z_{n k}] bb:1 [z_n = k]}"),
    (r"\boxed{\mu_k = 3}", r"BOX mu_k = 3"),
    (r"\mu_k = \boxed{3}", r"BOX mu_k = 3"),
    (r"a \stackrel{!}{=} 0", r"a set 0"),
    (r"a \overset{!}{=} 0 \overset{(a)}{=} b", r"a set 0 = b"),
    (r"a := b \coloneqq c \triangleq d", r"a := b := c := d"),
    (r"\theta \leftarrow b", r"theta to b"),
    (r"a = b \to c = d", r"a = b ;; => c = d"),
    (r"\to a = b", r"=> a = b"),
    (r"\Rightarrow a = b", r"=> a = b"),
    (r"a = b \Rightarrow c = d", r"a = b ;; => c = d"),
    (r"a = b \implies c = d \iff e = f", r"a = b ;; => c = d ;; <=> e = f"),
    (r"\therefore a = b", r"=> a = b"),
    (r"\{\pi_k\}_{k=1}^K", r"{pi_k}_k = 1^K"),
    (r"L = a + \text{terms independent of } \mu_k", r'L = (+ a)(+ "const")'),
    (r"a = b, \quad c = d", r"a = b ;; , c = d"),
    (r"a = b, \text{ where } c = d", r"a = b ;; , c = d"),
    (r"k = 1, \ldots, K", r"k = 1, ldots, K"),
    (r"\gamma_{nk} = p(k|x_n), \quad \forall n, k", r"gamma_{n k} = {p (k | x_n)} ;; , {forall n}, k"),
    (
        r"\gamma_{nk} = a, \quad n = 1,\dots,N,\; k=1,\dots,K.",
        r"gamma_{n k} = a ;; , n = 1, ldots, N ;; , k = 1, ldots, K",
    ),
    (r"\boldsymbol{\mu}_k = \mathbf{x}_n \bm \Sigma \mathrm{x}", r"mu_k = {x_n Sigma x}"),
    (
        r"\hat\mu_k = \hat{\mu}_k = \hat{\mu_k} = \tilde{\boldsymbol\Sigma}_k",
        r"hat:mu_k = hat:mu_k = hat:mu_k = tilde:Sigma_k",
    ),
    (r"\log N(x_n | \mu_k, \Sigma_k) \propto -\frac{1}{2} x", r"log@{N (x_n | mu_k, Sigma_k)} propto (- {<1 / 2> x})"),
    (r"\text{(13)} \quad \Rightarrow \boxed{q = 1}", r"BOX => q = 1"),
    (r"a = b \quad (9.3)", r"a = b"),
    (r"a = b \qquad \text{(1)}", r"a = b"),
    (r"x_n \in \mathbb{R}^D", r"x_n in bb:R^D"),
    (r"x \sim \mathcal N(\mu, \Sigma)", r"x sim {cal:N (mu, Sigma)}"),
    (r"\begin{cases} 1 & \text{if } k = j \\ 0 & \text{otherwise} \end{cases}", r'cases[1 & k = j; 0 & "otherwise"]'),
    (r"\mu^* = \mu^\star = \mu^{*}", r"mu^star = mu^star = mu^star"),
    (r"\mathbf{1}^T \pi = 1", r"{1^T pi} = 1"),
    (r"a = b = c = 0", r"a = b = c = 0"),
    (r"\mu_k\leftarrow\mu_k+1", r"mu_k to (+ mu_k)(+ 1)"),
    (r"L = a + \text{const. w.r.t. }\mu_k + b", r'L = (+ a)(+ "const")(+ b)'),
    (r"KL(q||p) = 1", r'{"KL" (q || p)} = 1'),
    (
        r"Q(\theta, \theta^{\text{old}}) = \mathbb{E}_{Z|X,\theta^{old}}[\log p(X,Z|\theta)]",
        r'{Q (theta, theta^"old")} = {bb:E_Z | X, theta^"old" [log@{p (X, Z | theta)}]}',
    ),
    (
        r"w_j^{(i)} := p\left(z^{(i)} = j | x^{(i)}; \phi, \mu, \Sigma\right)",
        r"w_j^(i) := {p (z^(i) = j | x^(i), phi, mu, Sigma)}",
    ),
    (r"\hat{\mu}_k^{\text{MLE}} = \bar{x}_k", r'hat:mu_k^"MLE" = bar:x_k'),
    (r"\lambda = -N, \pi_k = \frac{N_k}{N}", r"lambda = (- N) ;; , pi_k = <N_k / N>"),
    (r"N_k/\pi_k + \lambda = 0", r"(+ <N_k // pi_k>)(+ lambda) = 0"),
    (r"\mu_k \gets x \in S", r"mu_k to x in S"),
    (r"p(x|\theta)=\theta^x(1-\theta)^{1-x}", r"{p (x | theta)} = {theta^x ((+ 1)(- theta))^(+ 1)(- x)}"),
    (r"\frac{x_n}{\lambda_k}-1=0", r"(+ <x_n / lambda_k>)(- 1) = 0"),
]


@pytest.mark.parametrize(("latex", "expected"), ROWS)
def test_a_row_is_read(latex: str, expected: str) -> None:
    assert " ;; ".join(map(show_chain, parse_row(latex))) == expected
