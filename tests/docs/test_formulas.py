"""Formulas in the pages of the models are whole: no bracket is torn from the other by a dollar sign."""

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "models").glob("*.md"))
INLINE = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_brackets_are_in_pairs(page: Path) -> None:
    formulas = [formula for line in page.read_text().split("\n") for formula in INLINE.findall(line)]
    assert formulas
    assert [formula for formula in formulas if formula.count("(") != formula.count(")")] == []
