"""Symbols, scripts and brackets."""

import pytest

from derive.checking.parsing.statements import parse_row
from tests.checking.parsing.show import show_chain

ROWS = [
    (
        r"\Sigma_k^{-T} x^\top y^\intercal z^{\mathsf T} w^{\mathrm{T}} A' B^{-\top}",
        r"{Sigma_k^(- T) x^top y^intercal z^T w^T A' B^(- top)}",
    ),
    (r"(x_n-\mu_k)' \Sigma^{-1}", r"{((+ x_n)(- mu_k))' Sigma^(- 1)}"),
    (r"e^{-\frac{(x-\mu)^2}{2\sigma^2}}", r"e^(- <((+ x)(- mu))^2 / {2 sigma^2}>)"),
    (r"N(x;\mu,\Sigma)", r"{N (x ; mu, Sigma)}"),
    (r"1/2 x", r"{<1 // 2> x}"),
    (r"a/b c", r"{<a // b> c}"),
    (r"\frac12 x", r"{<1 / 2> x}"),
    (r"{a \over b}", r"<a / b>"),
    (r"a \equiv b \approx c \le d \geq e", r"a equiv b approx c <= d >= e"),
    (r"= a + b", r"= (+ a)(+ b)"),
    (r"a + \text{const}", r'(+ a)(+ "const")'),
    (r"a + C", r"(+ a)(+ C)"),
    (r"a + \text{const.}", r'(+ a)(+ "const")'),
    (r"a \text{ + const}", r'(+ a)(+ "const")'),
    (r"a \odot b * c", r"{a circ b times c}"),
    (r"0.5 x", r"{1/2 x}"),
    (r"Σₖ⁻¹ (xₙ − μₖ)ᵀ · 2", r"{Sigma_k^(- 1) ((+ x_n)(- mu_k))^T cdot 2}"),
    (r"\|x_n - \mu_k\|^2", r"||(+ x_n)(- mu_k)||^2"),
    (r"||x - y||^2", r"||(+ x)(- y)||^2"),
    (r"\lVert x \rVert_2", r"||x||_2"),
    (r"\left\| x \right\|", r"||x||"),
    (r"\left|\Sigma\right|^{-1/2}", r"|Sigma|^(- <1 // 2>)"),
    (r"\lvert\Sigma\rvert", r"|Sigma|"),
    (r"p(x | \mu, |\Sigma|)", r"{p (x | mu, |Sigma|)}"),
    (r"|A| |B|", r"{|A| |B|}"),
    (r"E[|x| | y]", r"{E [|x| | y]}"),
    (r"KL(q || p)", r'{"KL" (q || p)}'),
    (r"KL(q \| p)", r'{"KL" (q || p)}'),
    (r"\mathrm{KL}(q\,\|\,p)", r'{"KL" (q || p)}'),
    (r"(a+b)(c+d)", r"{((+ a)(+ b)) ((+ c)(+ d))}"),
    (r"-x^2 + (-y)", r"(- x^2)(+ ((- y)))"),
    (r"a \cdot (-b)", r"{a cdot ((- b))}"),
    (r"a \times -1", r"{a times (- 1)}"),
    (r"\cancel{a} + b", r"(+ b)"),
    (r"\frac{\cancel{2}x}{\cancel{2}y}", r"<x / y>"),
    (r"\text{if } x > 0", r"x > 0"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"pmatrix[a & b; c & d]"),
    (r"\color{red}{a + b}", r"(+ a)(+ b)"),
    (r"\frac{a}{b}", r"<a / b>"),
    (r"x_{nd}^{2} y_{n,d} z_{n d}", r"{x_{n d}^2 y_n, d z_{n d}}"),
    (r"\left(\frac{a}{b}\right)^{2}", r"(<a / b>)^2"),
    (r"\mathcal{N}\left(x_n;\, \mu_k,\, \Sigma_k\right)", r"{cal:N (x_n ; mu_k, Sigma_k)}"),
    (r"x^{\prime}\,y'_k z_k' w''", r"{x^prime y'_k z'_k w''}"),
    (r"\Sigma_{k}^{-1}{}", r"Sigma_k^(- 1)"),
    (r"\text{const} + a", r'(+ "const")(+ a)'),
    (r"\left\{ a \right\}", r"{a}"),
    (
        r"\theta_{kd}^{x_{nd}}(1-\theta_{kd})^{1-x_{nd}}",
        r"{theta_{k d}^x_{n d} ((+ 1)(- theta_{k d}))^(+ 1)(- x_{n d})}",
    ),
    (
        r"\mu_{k,new} \mu_{k}^{\mathrm{new}} \mu^{\rm new}_k \mu_k^{\text{(new)}}",
        r'{mu_k, "new" mu_k^"new" mu_k^"new" mu_k^"(new)"}',
    ),
    (r"2\pi e", r"{2 pi e}"),
    (r"10{,}000 x + 1.5y", r"(+ {10000 x})(+ {3/2 y})"),
    (r"a.", r"a"),
    (r"\log", r'"log"'),
    (r"a | b", r"a | b"),
    (r"9^{9^{9^9}}", r"9^9^9^9"),
    (r"\frac{\delta L}{\delta q}", r"<{delta L} / {delta q}>"),
    (
        r"\left(x_n-\mu_k\right)^{\mathsf{T}}\boldsymbol{\Sigma}_k^{-1}\left(x_n-\mu_k\right)",
        r"{((+ x_n)(- mu_k))^T Sigma_k^(- 1) ((+ x_n)(- mu_k))}",
    ),
    (r"\begin{bmatrix} \mu_1 \\ \mu_2 \end{bmatrix}", r"bmatrix[mu_1; mu_2]"),
    (r"L \stackrel{c}{=} -\frac12 x", r"L =+const (- {<1 / 2> x})"),
    (r"\underbrace{a}_{\text{const}} + \overbrace{b}^{c}", r'(+ braced<a; "const">)(+ braced<b; "c">)'),
    (r"\sigma^2_k", r"sigma_k^2"),
    (r"{\sigma_k}^2 {\Sigma_k}^{-1} {\mu}_k", r"{sigma_k^2 Sigma_k^(- 1) mu_k}"),
    (r"\tfrac{1}{2} \dfrac{a}{b} \nicefrac{1}{2}", r"{<1 / 2> <a / b> <1 / 2>}"),
    (r"\Sigma^{\text{-}1}", r"Sigma^(- 1)"),
    (r"\Sigma_k^{-\frac{1}{2}}", r"Sigma_k^(- <1 / 2>)"),
]


@pytest.mark.parametrize(("latex", "expected"), ROWS)
def test_a_row_is_read(latex: str, expected: str) -> None:
    assert " ;; ".join(map(show_chain, parse_row(latex))) == expected
