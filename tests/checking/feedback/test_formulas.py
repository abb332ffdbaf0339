"""Formulas from their trees, as text and as MathML."""

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from derive.checking.feedback.mathml import math
from derive.checking.feedback.plain import chains, plain
from derive.checking.parsing.tree import (
    Apply,
    Big,
    Braced,
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
    Table,
)

A, B, X, MU = Name("a"), Name("b"), Name("x"), Name("mu")
TWO = Number(Fraction(2))
NEGATIVE = Sum((("-", Number(Fraction(1))),))
MINUS = Sum((("+", A), ("-", B)))

CASES: list[tuple[Node, str]] = [
    (MU, "μ"),
    (Name("L", style="cal"), "ℒ"),
    (Name("N", style="cal"), "𝒩"),
    (Name("R", style="bb"), "ℝ"),
    (Name("mu", accent="hat"), "μ\u0302"),
    (Name("mu", word=True), "mu"),
    (Name("new", word=True), "new"),
    (Number(Fraction(1, 4)), "0.25"),
    (Number(Fraction(1, 3)), "1/3"),
    (Scripted(Name("Sigma"), Name("k"), NEGATIVE), "Σ_k⁻¹"),
    (Scripted(A, sup=Name("T")), "aᵀ"),
    (Scripted(A, sup=Name("top")), "aᵀ"),
    (Scripted(A, sup=X), "a^x"),
    (Scripted(A, sup=MINUS), "a^(a − b)"),
    (Scripted(A, sub=Items((A, B))), "a_{a, b}"),
    (Scripted(A, primes=2), "a′′"),
    (Scripted(MINUS, sup=TWO), "(a − b)²"),
    (Sum((("-", A), ("+", B))), "−a + b"),
    (Sum((("+", A), ("-", MINUS))), "a − (a − b)"),
    (Sum((("±", A),)), "±a"),
    (Product((A, MINUS), ("",)), "a (a − b)"),
    (Product((Fenced("(", A), Fenced("(", B)), ("",)), "(a)(b)"),
    (Product((A, B), ("times",)), "a × b"),
    (Quotient(A, B), "a/b"),
    (Quotient(MINUS, B), "(a − b) / b"),
    (Quotient(A, Product((A, B), ("",))), "a / (a b)"),
    (Product((Quotient(A, B), X), ("",)), "(a/b) x"),
    (Product((X, Quotient(A, B)), ("",)), "x a/b"),
    (Quotient(Number(Fraction(1)), TWO), "½"),
    (Quotient(TWO, Number(Fraction(4))), "2/4"),
    (Quotient(TWO, Number(Fraction(0))), "2/0"),
    (Big("sum", Name("n"), None, X), "∑_n x"),
    (Big("sum", Compared(Name("j"), "!=", Name("k")), None, MINUS), "∑_{j≠k} (a − b)"),
    (Big("argmax", A, None, X), "arg max_a x"),
    (Given(A, B, ";"), "a ; b"),
    (Items((A, B)), "a, b"),
    (Fenced("|", Name("Sigma")), "|Σ|"),
    (Fenced("||", X), "‖x‖"),
    (Fenced("[", Given(X, Items((A, B)))), "[x | a, b]"),
    (Apply(Name("log"), X), "log x"),
    (Apply(Name("log"), X, TWO), "log² x"),
    (Apply(Name("det"), Fenced("(", X)), "det(x)"),
    (Differentiate(Name("L"), (MU,)), "∂L/∂μ"),
    (Differentiate(MINUS, (MU,)), "∂/∂μ (a − b)"),
    (Differentiate(None, (MU,)), "∂/∂μ"),
    (Differentiate(A, (MU,), 2), "∂²a/∂μ²"),
    (Differentiate(A, (A, B), 2), "∂²a/(∂a∂b)"),
    (Differentiate(A, ()), "∇ a"),
    (Braced(A, Name("one", word=True)), "a {one}"),
    (Table("pmatrix", ((A, B), (B, A))), "[a, b; b, a]"),
    (Compared(Name("k"), "in", A), "k∈a"),
]


@pytest.mark.parametrize(("node", "text"), CASES, ids=[text for _, text in CASES])
def test_text_and_markup(node: Node, text: str) -> None:
    assert plain(node) == text
    root = ET.fromstring(math((Chain((node,), ()),)))  # noqa: S314 - well-formed, or it raises
    letters = [char for char in text if char.isalpha() and char.isascii()]
    shown = "".join(root.itertext())
    assert all(letter in shown or "ᵀ" in text for letter in letters)


def test_chains_show_relations_links_and_boxes() -> None:
    stated = (
        Chain((A, B, None), ("=", "propto")),
        Chain((None, B), ("set",), Link.IMPLIES),
        Chain((X, TWO), ("<=",), Link.EQUIVALENT, boxed=True),
        Chain((X, TWO), (":=",), Link.NEXT),
    )
    assert chains(stated) == "a = b ∝ ⇒ ≟ b ⇔ ⟦ x ≤ 2 ⟧, x ≔ 2"
    root = ET.fromstring(math(stated))  # noqa: S314
    assert root.find(".//mrow[@class='boxed']") is not None
    assert root.find(".//mover") is not None


def test_brackets_grow_with_what_is_in_them() -> None:
    tall = math((Chain((Fenced("[", Quotient(A, B)),), ()),))
    flat = math((Chain((Fenced("[", Quotient(A, B, inline=True)),), ()),))
    assert 'stretchy="true"' in tall
    assert 'stretchy="true"' not in flat


def test_every_node_of_the_tree_is_covered() -> None:
    kinds = {type(node) for node, _ in CASES}
    assert {kind for kind in Node.__subclasses__() if kind.__module__ == Node.__module__} - kinds == {Chain}
