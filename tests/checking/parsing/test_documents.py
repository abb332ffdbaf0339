"""Documents are read: which rows, on which lines, and what stands between them."""

from pathlib import Path

from derive.checking.parsing.documents import read_document
from derive.checking.parsing.written import Written

SEED = Path(__file__).with_name("seed.md")


def test_the_seed_is_read_completely() -> None:
    document = read_document(SEED)
    rows = [block for block in document.blocks if isinstance(block, Written)]
    assert [row.latex for row in rows if row.problem] == []
    assert all(row.chains for row in rows)
    assert [row.line for row in rows if row.display] == [
        *(8, 12, 19, 19, 21, 27, 29, 33, 35, 35, 35, 39, 41, 43, 45, 52, 60, 62, 71)
    ]
    assert len(rows) == 36
