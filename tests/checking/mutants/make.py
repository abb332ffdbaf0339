"""Mutants of a document: one side of one right row exchanged for what a mistake of the catalogue makes of it."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derive.checking.derivations.check import derived
from derive.checking.derivations.equations import families_in
from derive.checking.derivations.judge import has_derivative
from derive.checking.derivations.objectives import constant_in
from derive.checking.derivations.outcome import Verdict
from derive.checking.derivations.posteriors import with_symbols
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.spelling import Speller
from derive.checking.derivations.walk import Walk
from derive.checking.derivations.worlds import Place, UndecidableError, difference, parameter_names
from derive.checking.mistakes.catalogue import CATALOGUE
from derive.checking.mistakes.diagnose import made
from derive.checking.mistakes.mistake import Mistake
from derive.checking.parsing.tree import Node, Number
from derive.checking.parsing.written import Document, Written
from derive.errors import DeriveError
from derive.language.expr import Expr, add, mul
from derive.models.load import load_model


@dataclass(frozen=True)
class Mutant:
    """A document with a mistake. line: of the row that is wrong. text: the whole document."""

    name: str
    mistake: Mistake
    line: int
    text: str
    right: Expr
    wrong: Expr
    written: str


def mutants(document: Document, text: str, most: int) -> list[Mutant]:
    """At most so many mutants of a right document, of different rows and mistakes, the same ones each time."""
    found = list(_all(document, text))
    random.Random(Path(document.name).name).shuffle(found)
    chosen: dict[tuple[str, int], Mutant] = {}
    for mutant in found:
        chosen.setdefault((mutant.mistake.name, mutant.line), mutant)
    return sorted(list(chosen.values())[:most], key=lambda mutant: mutant.line)


def _all(document: Document, text: str) -> Iterator[Mutant]:
    model = load_model(document.model or "gaussian-full")
    walk = Walk(document, model, derived(model), {})
    right_lines = {one.row.line for one in walk.run() if one.row.verdict is Verdict.RIGHT}
    speller = Speller(walk.vocabulary)
    for block in walk.document.blocks:
        if not isinstance(block, Written) or r"\\" in block.latex or block.line not in right_lines:
            continue
        if r"\prod" in block.latex:  # read as the exponential of a sum: a mutant would not be in the document's form
            continue
        for node, right in _sides(walk, block):
            seen: set[Expr] = set()
            zero = any(side is not None and _is_zero(side) for chain in block.chains for side in chain.sides)
            for mistake in CATALOGUE:
                for wrong in made(mistake, right, walk.vocabulary.notation):
                    if zero and _vanishes(wrong, walk):
                        continue
                    if wrong in seen or wrong.free - right.free or not _differs(right, wrong, walk):
                        continue
                    seen.add(wrong)
                    mutant = _mutant(document, text, block, node, mistake, right, wrong, speller)
                    if mutant is not None:
                        yield mutant
                        break


def _sides(walk: Walk, block: Written) -> Iterator[tuple[Node, Expr]]:
    """The sides behind a relation, as they are read."""
    for chain in block.chains:
        for side, relation in zip(chain.sides[1:], chain.relations, strict=True):
            if side is None or relation not in ("=", ":="):
                continue
            try:
                right = walk.reader(old=False).read(side)
            except (NotReadError, MisfitError):
                continue
            if right.children and not has_derivative(right):
                yield side, right


def _is_zero(side: Node) -> bool:
    return isinstance(side, Number) and side.value == 0


def _vanishes(wrong: Expr, walk: Walk) -> bool:
    """Whether an equation remains true that says that a formula is zero: it was only multiplied."""
    held = with_symbols(wrong, walk.worlds)
    return walk.equations.hold(held, mul(0, held), None)


def _differs(right: Expr, wrong: Expr, walk: Walk) -> bool:
    """Whether a mistake makes a false claim: as an identity, with the posterior, and at the solution of the M-step."""
    if right.shape != wrong.shape:
        return True
    if not wrong.members:  # mu = 1: nobody writes that
        return False
    every = parameter_names(walk.worlds.derivation)
    try:
        place = walk.worlds.places[0]
        gap = add(wrong, mul(-1, right))
        about = frozenset(f.name for f in families_in(wrong)) & every  # an objective may leave out what is not in it
        matters = not right.shape.is_scalar or not (about and constant_in(gap, about, place, place.free))
        return matters and _apart(right, wrong, place, every, walk)
    except (UndecidableError, DeriveError, TypeError):
        return False


def _apart(right: Expr, wrong: Expr, place: Place, every: frozenset[str], walk: Walk) -> bool:
    if walk.equations.hold(right, wrong, None):  # the same wherever the M-step and its multipliers end
        return False
    worlds = [place.free, place.posterior, place.solved(every), *(place.solved(frozenset((name,))) for name in every)]
    return all(difference(right, wrong, world) is not None for world in worlds)


def _balanced(latex: str, node: Node) -> str:
    """The text of a side, with the braces that belong to its last word."""
    end = node.end
    while latex.count("{", node.start, end) > latex.count("}", node.start, end) and end < len(latex):
        end += 1
    return latex[node.start : end]


def _quoted(latex: str) -> str:
    """As it stands in a notebook's JSON."""
    return json.dumps(latex)[1:-1]


def _mutant(
    document: Document,
    text: str,
    block: Written,
    node: Node,
    mistake: Mistake,
    right: Expr,
    wrong: Expr,
    speller: Speller,
) -> Mutant | None:
    old = _balanced(block.latex, node)
    spelled = speller.latex(wrong)
    if spelled is None or not old:
        return None
    if "const" in old:
        spelled += r" + \text{const}"
    stands = _quoted if document.name.endswith(".ipynb") else str
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: block.line - 1])
    around = stands(block.latex[: node.start].split("&")[-1].strip()[-12:])
    head = text.find(around, before) if node.start else before
    place = text.find(stands(old), max(head, before))
    if place < 0 or text.count("\n", before, place) > block.latex.count("\n") + 3:
        return None
    changed = f"{text[:place]}{{{stands(spelled)}}}{text[place + len(stands(old)) :]}"
    return Mutant(document.name, mistake, block.line, changed, right, wrong, spelled)
