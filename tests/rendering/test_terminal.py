"""The terminal: no line too wide at any width, and the lines of the derivation by hand."""

import dataclasses

import pytest

from derive.errors import InputError
from derive.proof import Derivation
from derive.rendering import render
from derive.rendering.measure import columns
from tests.rendering.test_listing import CODE


@pytest.mark.parametrize("width", [40, 57, 72, 80, 99, 100, 101, 120, 160, 240])
def test_no_line_is_wider_than_the_terminal(full: Derivation, width: int) -> None:
    lines = render(full, "terminal", width=width).splitlines()
    assert [line for line in lines if columns(line) > width] == []


@pytest.mark.parametrize("width", [1, 0, -5])
def test_a_width_that_is_none_is_taken_as_the_narrowest(scalar: Derivation, width: int) -> None:
    assert render(scalar, "terminal", width=width) == render(scalar, "terminal", width=40)


def test_no_line_ends_in_a_blank(full: Derivation) -> None:
    assert all(line == line.rstrip() for line in render(full, "terminal").splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "= ∑_n γ_nk Σ_k⁻¹ (x_n − μ_k)",
        "⇔ ∑_n γ_nk (x_n − μ_k) = 0",
        "⇔ │ μ_k = ∑_n γ_nk x_n / ∑_n γ_nk │",
        "= ½ ∑_n γ_nk [ (Σ_k⁻¹)⁻¹ − (x_n − μ_k)(x_n − μ_k)ᵀ ]",
        "│ Σ_k = ∑_n γ_nk (x_n − μ_k)(x_n − μ_k)ᵀ / ∑_n γ_nk │",
        "ℒ = ∑_n ∑_k γ_nk log π_k + λ [ 1 − ∑_k π_k ]",
        "∂ℒ/∂π_k = ∑_n γ_nk/π_k − λ",
        "π_k = ∑_n γ_nk / N",
    ],
)
def test_lines_of_the_derivation_by_hand(full: Derivation, line: str) -> None:
    assert line in render(full, "terminal")


def test_every_step_has_its_number_and_certificate(full: Derivation) -> None:
    shown = render(full, "terminal")
    assert all(f"({step.number}) " in shown for step in full.steps)
    assert shown.count("✓") == len(full.steps)
    assert "✗" not in shown


def test_a_step_without_certificate_is_marked(scalar: Derivation) -> None:
    section = scalar.sections[0]
    bare = dataclasses.replace(section.steps[0], certificate=None)
    changed = dataclasses.replace(section, steps=(bare, *section.steps[1:]))
    shown = render(dataclasses.replace(scalar, sections=(changed, *scalar.sections[1:])), "terminal")
    assert "1 not certified" in shown
    assert "✗ not certified" in shown


def test_headline_and_code(full: Derivation) -> None:
    shown = render(full, "terminal", code=CODE, digest="0123456789abcdef")
    assert "all certified · 01234567\n" in shown
    assert "(26) means = responsibilities.T @ np.ravel(X) / counts" in shown


def test_unknown_format(scalar: Derivation) -> None:
    with pytest.raises(InputError, match="no format is called 'pdf'"):
        render(scalar, "pdf")
