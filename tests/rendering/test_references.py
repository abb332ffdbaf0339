"""Citations name known works only, and docs/references.bib holds exactly these."""

from pathlib import Path

import pytest

from derive.errors import ModelError
from derive.proof import Derivation
from derive.rendering.bibliography import WORKS
from derive.rendering.references import bibtex, citation, cited, described, works

BIB = Path(__file__).parents[2] / "docs" / "references.bib"


def test_the_file_agrees() -> None:
    assert BIB.read_text(encoding="utf-8") == bibtex()


def test_keys_are_sorted_and_unique() -> None:
    keys = [work.key for work in WORKS]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("petersen2012: (57)", "Matrix Cookbook, eq. (57)"),
        ("magnus2019: ch. 8", "Magnus and Neudecker 2019, ch. 8"),
        ("dempster1977", "Dempster et al. 1977"),
        ("neal1998: (6); bishop2006", "Neal and Hinton 1998, eq. (6); Bishop 2006"),
        ("", ""),
    ],
)
def test_citation(source: str, expected: str) -> None:
    assert citation(source) == expected


@pytest.mark.parametrize("source", ["nobody2020: (1)", "a book", "petersen2012 (57)"])
def test_unknown_sources_are_refused(source: str) -> None:
    with pytest.raises(ModelError, match="cites no known work"):
        cited(source)


def test_a_work_in_words() -> None:
    assert described(cited("celeux1995")[0]) == (
        "Gilles Celeux and Gérard Govaert (1995). Gaussian parsimonious clustering models. "
        "Pattern Recognition 28(5), 781–793."
    )


def test_every_source_of_a_derivation_is_known(full: Derivation) -> None:
    assert works(step.source for step in full.steps if step.source)
