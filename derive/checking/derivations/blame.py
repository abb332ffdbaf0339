"""A wrong definition of the document's own: every row that uses it goes wrong, so that the definition is called wrong.

A name such as S_k = sum_n gamma_nk x_n x_n' means what the document says, so that no such row is wrong by itself. It is
called wrong where a mistake of the catalogue, taken back in it, makes all rows right that use it, and where no mistake
taken back in the first of these rows would do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from derive.checking.derivations.definitions import Definition
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.hinting import hinted
from derive.checking.derivations.in_place import InPlace
from derive.checking.derivations.judge import Judge
from derive.checking.derivations.judged import Judged
from derive.checking.derivations.outcome import Hint, Verdict
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.rights import in_steps
from derive.checking.derivations.spelling import Speller
from derive.checking.derivations.walk import Walk
from derive.checking.mistakes.diagnose import leads_to, near, size
from derive.checking.mistakes.mistake import Mistake, everywhere
from derive.language.expr import Expr

_MOST = 3  # ways to mend a definition for which the whole document is judged again


@dataclass(frozen=True)
class Culprit:
    """A definition that is wrong. value: as it is read. right: what it was before the mistake."""

    key: str
    definition: Definition
    value: Expr
    right: Expr
    mistake: Mistake


def with_wrong_definitions(walk: Walk, judged: list[Judged]) -> list[Judged]:
    """Return the rows with the definition called wrong that spoils those that use it, if there is one.

    walk: through the document, over.
    """
    first = next((one for one in judged if one.row.verdict is Verdict.WRONG), None)
    if first is None or first.finding.sides is None:
        return judged
    for culprit in _culprits(walk, first):
        if all(one.finding.fine for one in _again(walk, culprit) if culprit.key in one.uses):
            return [_told(one, first, culprit, walk) for one in judged]
    return judged


def _culprits(walk: Walk, first: Judged) -> Iterator[Culprit]:
    assert first.finding.sides is not None  # noqa: S101 - for the type checker
    left, right = first.finding.sides
    for key in sorted(first.uses & set(walk.definitions)):
        definition = walk.definitions[key]
        try:
            value = walk.reader(old=False).read(definition.node)
        except (NotReadError, MisfitError):
            continue
        kept = _mended_around(right, left, value, walk)
        found = 0
        notation = walk.vocabulary.notation
        mended = (other for _, other in near(value, notation))
        for other in chain(mended, in_steps(value, walk.worlds.derivation, notation)):
            if other.free != value.free or other.shape != value.shape or (kept and size(other) >= size(value)):
                continue
            sides = _put(left, value, other), _put(right, value, other)
            mistake = leads_to(other, value, notation)
            if mistake is not None and sides != (left, right) and _right(*sides, walk.judge):
                yield Culprit(key, definition, value, other, mistake)
                found += 1
                if found == _MOST:
                    break


def _mended_around(written: Expr, truth: Expr, value: Expr, walk: Walk) -> bool:
    """Whether a mistake taken back in the row, with the definition as it is, makes the row right."""
    return any(
        other.contains(lambda part: part == value) and _right(truth, other, walk.judge)
        for _, other in near(written, walk.vocabulary.notation)
    )


def _put(side: Expr, value: Expr, other: Expr) -> Expr:
    return everywhere(side, lambda part: other if part == value else None)


def _right(left: Expr, right: Expr, judge: Judge) -> bool:
    return left.shape == right.shape and any(test(right) for test in InPlace(judge, right, left, loose=False).tests)


def _again(walk: Walk, culprit: Culprit) -> list[Judged]:
    """The rows, judged with another definition."""
    other = walk.anew()
    other.definitions[culprit.key] = replace(culprit.definition, value=culprit.right)
    return other.run()


def _told(one: Judged, first: Judged, culprit: Culprit, walk: Walk) -> Judged:
    if one.row.line == culprit.definition.line and one.finding.verdict is Verdict.RIGHT and culprit.key not in one.uses:
        mistake = culprit.mistake
        says = f"{mistake.says}, as the rows show that use this definition"
        hint = hinted(mistake, culprit.value, culprit.right, Speller(walk.vocabulary))
        row = replace(
            one.row,
            verdict=Verdict.WRONG,
            says=says,
            mistake=mistake.name,
            counterexample=first.row.counterexample,
            hint=hint,
        )
        return Judged(row, Finding(Verdict.WRONG, says, mistake.name), one.uses)
    if culprit.key in one.uses and one.row.verdict is Verdict.WRONG:
        says = "right, given an earlier row that is wrong"
        row = replace(one.row, verdict=Verdict.FOLLOWS, says=says, mistake="", counterexample=None, hint=Hint())
        return replace(one, row=row)
    return one
