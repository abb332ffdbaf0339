"""Remarks on a document as a whole: letters with two meanings, two names for one thing, assumptions left unsaid."""

import re
from collections.abc import Iterator

from derive.checking.derivations.outcome import Remark
from derive.checking.derivations.survey import Survey
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.parsing.written import Document, Prose, Written

SAID = re.compile(
    r"invertib|non-?singular|full rank|positive[- ]definite|non-?empty|non-?zero|"
    r"\\succ|≻|N_k\s*(>|\\gt|\\ne)",
    re.IGNORECASE,
)


def remarks(document: Document, found: Survey, vocabulary: Vocabulary) -> Iterator[Remark]:
    """What a reader may stumble over, though no row is wrong."""
    sized = any(upper == "N" for _, upper in found.bounds) or ("N" in vocabulary.sizes and found.bare["N"] > 0)
    if sized and found.called["N"]:
        yield Remark("n-twice", "N stands for the number of samples and for the normal density")
    used = {name for name in ("L", "cal:L", "ell") if found.bare[name] or found.called[name]}
    if {"L", "cal:L"} <= used:
        yield Remark("two-objectives", "L and 𝓛 both stand for an objective: are they the same?")
    yield from _assumptions(document, vocabulary)


def _assumptions(document: Document, vocabulary: Vocabulary) -> Iterator[Remark]:
    text = " ".join(block.text if isinstance(block, Prose) else block.latex for block in document.blocks)
    if SAID.search(text):
        return
    needed = []
    if any(name in text for name in (r"\frac", "/", r"\over")) and any(isinstance(b, Written) for b in document.blocks):
        needed.append("every component has some weight, N_k > 0")
    matrices = [family for family in vocabulary.model.parameters if family.domain.side is not None]
    if matrices and ("^{-1}" in text or "^{ -1}" in text):
        needed.append("the covariance matrices are invertible")
    if needed:
        yield Remark("assumptions-unsaid", f"left unsaid: {' and '.join(needed)}")
