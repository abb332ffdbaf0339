"""A derivation as one self-contained page: MathML, inline style, no script, nothing loaded from anywhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from derive import templating
from derive.proof import Certificate
from derive.rendering.code_html import highlighted
from derive.rendering.document import Document, Equation, Part
from derive.rendering.layout import Layout
from derive.rendering.mathml_style import math
from derive.rendering.prose import Prose
from derive.rendering.references import described
from derive.rendering.setting import SetEquation, set_chain

WIDTH = 38.0  # ems of the column of formulas
ROOTS = "<i>A</i><sup>1/2</sup> is any matrix <i>C</i> with <i>C C</i><sup>T</sup> = <i>A</i>."


@dataclass(frozen=True)
class EquationView:
    """An equation as finished markup; details: label and text of each line on its certificate."""

    number: int
    left: str
    right: str
    words: str
    mark: str
    details: tuple[tuple[str, str], ...]
    code: str
    boxed: bool


@dataclass(frozen=True)
class PartView:
    """A section as finished markup. plain: its title without markup."""

    anchor: str
    title: str
    words: str
    chains: tuple[tuple[EquationView, ...], ...]


@dataclass(frozen=True)
class PageView:
    """What the template sees: finished strings only."""

    model: str
    summary: str
    headline: str
    parts: tuple[PartView, ...]
    note: str
    works: tuple[str, ...]
    code: str


def html(document: Document) -> str:
    """The whole page."""
    view = PageView(
        escape(document.model),
        inline(document.summary),
        escape(document.headline),
        tuple(map(_part, document.parts)),
        ROOTS if document.uses_roots else "",
        tuple(escape(described(work)) for work in document.works),
        highlighted(document.code, numbered=True) if document.code else "",
    )
    page = templating.render("html/page.html.jinja", page=view)
    return re.sub(r"\n\s*\n+", "\n", page).rstrip() + "\n"


def inline(words: Prose) -> str:
    """Words with their symbols as inline MathML."""
    return "".join(escape(part) if isinstance(part, str) else math(part, block=False) for part in words)


def _part(part: Part) -> PartView:
    chains = tuple(tuple(map(_equation, set_chain(chain, WIDTH))) for chain in part.chains)
    return PartView(part.anchor, inline(part.title), inline(part.words), chains)


def _equation(laid: SetEquation) -> EquationView:
    equation = laid.equation
    lines: list[Layout] = [line.right for line in laid.lines]
    left = laid.lines[0].left
    return EquationView(
        equation.number,
        math(left) if left is not None else "",
        math(*lines),
        _said(equation),
        ("✓ " if equation.step.certificate else "✗ ") + escape(equation.certificate),
        tuple(_details(equation)),
        highlighted(equation.code.text) if equation.code else "",
        laid.boxed,
    )


def _said(equation: Equation) -> str:
    said = inline(equation.words)
    if equation.assumptions:
        said += ("; " if said else "") + "needs " + ", ".join(map(inline, equation.assumptions))
    cited = f"<cite>{escape(equation.citation)}</cite>" if equation.citation else ""
    return "; ".join(part for part in (said, cited) if part)


def _details(equation: Equation) -> Iterator[tuple[str, str]]:
    step = equation.step
    yield "Rule", escape(step.rule)
    if equation.citation:
        yield "Source", escape(equation.citation)
    if step.premise is not None:
        yield "From", f'<a href="#eq-{step.premise}">({step.premise})</a>'
    for assumption in equation.assumptions:
        yield "Needs", inline(assumption)
    if step.certificate is not None:
        yield from _certificate(step.certificate)


def _certificate(certificate: Certificate) -> Iterator[tuple[str, str]]:
    yield "Checked by", escape(certificate.method)
    for sizes in certificate.sizes:
        yield "At", ", ".join(f"<i>{escape(name)}</i> = {size}" for name, size in sizes)
    yield "Seed", str(certificate.seed)
    yield "Error", f"below 2<sup>−{certificate.bits}</sup>" if certificate.bits else "none: rational numbers"
