"""What every format shows: a derivation's steps as equations, ready to be spelled, with words, citations and code."""

from collections.abc import Mapping
from dataclasses import dataclass

from derive.language.calculus_nodes import Factor
from derive.language.expr import Expr, Number
from derive.language.functions import inverse
from derive.proof import Certificate, Derivation, Relation, Step
from derive.proof.step import Multiplied
from derive.rendering import references
from derive.rendering.bibliography import Work
from derive.rendering.layout import EQUALS, PLUS, Chain, Layout, Operator, words
from derive.rendering.listing import Snippet, pair
from derive.rendering.notation import notation
from derive.rendering.prose import Prose, prose

CONSTANT = words("const")
SIGNS = {
    Relation.AT_MOST: Operator(r"\leq", "≤", relation=True),
    Relation.AT_LEAST: Operator(r"\geq", "≥", relation=True),
}
ARROWS = {
    Relation.EQUIVALENT: Operator(r"\Leftrightarrow", "⇔", relation=True),
    Relation.IMPLIES: Operator(r"\Rightarrow", "⇒", relation=True),
}


@dataclass(frozen=True)
class Equation:
    """One line. left is None where the left side is that of the line before; arrow is set where a premise gives it."""

    number: int
    arrow: Operator | None
    left: Layout | None
    sign: Operator
    right: Layout
    words: Prose
    citation: str
    assumptions: tuple[Prose, ...]
    certificate: str
    boxed: bool
    code: Snippet | None
    step: Step

    @property
    def whole(self) -> Layout:
        """Both sides and the sign between them."""
        left = (self.left,) if self.left is not None else ()
        return Chain((*left, self.sign, self.right))


@dataclass(frozen=True)
class Part:
    """A section; chains: its equations, those with one left side together."""

    anchor: str
    title: Prose
    words: Prose
    chains: tuple[tuple[Equation, ...], ...]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """All equations, in order."""
        return tuple(equation for chain in self.chains for equation in chain)


@dataclass(frozen=True)
class Document:
    """A derivation as every format shows it."""

    model: str
    summary: Prose
    headline: str
    parts: tuple[Part, ...]
    works: tuple[Work, ...]
    code: str
    uses_roots: bool


def document(derivation: Derivation, *, code: str | None = None, digest: str = "") -> Document:
    """Lay out a derivation. code: the generated module, whose statements are put beside their equations."""
    updates = {update.number for update in (*derivation.updates, derivation.responsibilities)}
    paired = pair(code) if code else {}
    parts = []
    for i, section in enumerate(derivation.sections, start=1):
        chains = _chains(section.steps, frozenset(updates), paired)
        said = "" if section.words == derivation.summary else section.words
        parts.append(Part(f"section-{i}", prose(section.title), prose(said), chains))
    return Document(
        derivation.model,
        prose(derivation.summary),
        headline(derivation, digest),
        tuple(parts),
        references.works(step.source for step in derivation.steps if step.source),
        code or "",
        any(side.contains(_is_root) for step in derivation.steps for side in (step.left, step.right)),
    )


def headline(derivation: Derivation, digest: str = "") -> str:
    """How many steps, whether all are certified, and the digest's first eight characters."""
    steps = derivation.steps
    missing = sum(step.certificate is None for step in steps)
    state = f"{missing} not certified" if missing else "all certified"
    return f"{len(steps)} step{'s' if len(steps) != 1 else ''}, {state}" + (f" · {digest[:8]}" if digest else "")


def at_a_glance(certificate: Certificate | None) -> str:
    """A certificate in a few words."""
    if certificate is None:
        return "not certified"
    sizes = f"at {len(certificate.sizes)} sizes" if len(certificate.sizes) != 1 else "at one size"
    exact = f"to {certificate.bits} bits" if certificate.bits else "exact"
    if certificate.method == "exact":
        return f"{exact} {sizes}"
    if certificate.method == "sign":
        return "sign proved"
    return f"{exact}, {certificate.method}"


def _chains(
    steps: tuple[Step, ...], boxed: frozenset[int], paired: Mapping[int, Snippet]
) -> tuple[tuple[Equation, ...], ...]:
    chains: list[list[Equation]] = []
    constant = False  # whether the line shown last carries "+ const"
    before: Step | None = None
    for step in steps:
        goes_on = before is not None and _goes_on(before, step)
        constant = step.relation is Relation.EQUAL_UP_TO_CONSTANT or (
            goes_on and constant and before is not None and step.left == before.right
        )
        equation = _equation(step, boxed, paired, goes_on=goes_on, constant=constant)
        if goes_on:
            chains[-1].append(equation)
        else:
            chains.append([equation])
        before = step
    return tuple(map(tuple, chains))


def _goes_on(before: Step, step: Step) -> bool:
    """Whether the left side need not be written again: the same as before, or what the line before arrived at."""
    if step.relation in ARROWS or before.right.key == "0":
        return False
    if step.left == before.left and before.relation not in SIGNS:
        return True
    return step.left == before.right and before.relation not in SIGNS and not isinstance(before.right, Number)


def _equation(
    step: Step,
    boxed: frozenset[int],
    paired: Mapping[int, Snippet],
    *,
    goes_on: bool,
    constant: bool,
) -> Equation:
    right = notation(step.right)
    if constant:
        items = right.items if isinstance(right, Chain) else (right,)
        right = Chain((*items, PLUS, CONSTANT))
    return Equation(
        step.number,
        ARROWS.get(step.relation),
        None if goes_on else notation(step.left),
        SIGNS.get(step.relation, EQUALS),
        right,
        _words(step),
        references.citation(step.source),
        tuple(prose(assumption.words) for assumption in step.assumptions),
        at_a_glance(step.certificate),
        step.number in boxed,
        paired.get(step.number),
        step,
    )


def _words(step: Step) -> Prose:
    said: list[str | Layout] = list(prose(step.words))
    if isinstance(step.move, Multiplied):
        for factor in (step.move.left, step.move.right):
            if factor is not None and not isinstance(factor, Number):
                shown = inverse(factor) if step.words.startswith("divided by") else factor
                said += [": " if len(said) == len(prose(step.words)) else ", ", notation(shown)]
    if step.premise is not None and step.premise != step.number - 1:
        said.append(f"; from ({step.premise})" if said else f"from ({step.premise})")
    return tuple(said)


def _is_root(expr: Expr) -> bool:
    return isinstance(expr, Factor)
