"""Documents are read: which rows, on which lines, and what stands between them."""

from pathlib import Path

import pytest

from derive.checking.parsing.documents import read_document, read_text
from derive.checking.parsing.written import Document, Prose, Written
from derive.errors import InputError

HERE = Path(__file__).parent
MODELS = sorted((HERE.parents[2] / "docs" / "models").glob("*.md"))


def written(document: Document) -> list[Written]:
    return [block for block in document.blocks if isinstance(block, Written)]


def lines(document: Document) -> list[tuple[int, str]]:
    return [(row.line, row.latex) for row in written(document)]


def prose(document: Document) -> list[tuple[int, str]]:
    return [(block.line, block.text) for block in document.blocks if isinstance(block, Prose)]


def test_the_seed_is_read_completely() -> None:
    rows = written(read_document(HERE / "seed.md"))
    assert [row.latex for row in rows if row.problem] == []
    assert all(row.chains for row in rows)
    assert [row.line for row in rows if row.display] == [
        *(8, 12, 19, 19, 21, 27, 29, 33, 35, 35, 35, 39, 41, 43, 45, 52, 60, 62, 71)
    ]
    assert len(rows) == 36


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_projects_own_documents_are_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    document = read_document(path)
    rows = written(document)
    assert sum(row.display for row in rows) >= source.count("$$\n\\begin{aligned}")
    unread = [row for row in rows if row.problem]
    assert not [row for row in unread if row.display]
    assert len(unread) <= len(rows) // 50


def test_a_latex_document() -> None:
    document = read_document(HERE / "document.tex")
    assert lines(document) == [
        (14, r"\vx_n"),
        (17, r"p(\vx_n) = \sum_{k=1}^K \pi_k \N{\vx_n}{\bmu_k}{\Sig_k}."),
        (20, r"L = \sum_n \log \sum_k \pi_k \N{\vx_n}{\bmu_k}{\Sig_k}"),
        (21, r"\pd{\bmu_k} = \sum_n \gamma_{nk} \Sig_k^{-1} (\vx_n - \bmu_k) \quad + 0"),
        (23, r"\pd[Q]{\bmu_k} = 0,  \quad  \text{so}\quad \bmu_k = \frac{1}{N_k} \sum_n \gamma_{nk} \vx_n"),
        (26, "a = b"),
        (29, "a  =  b + c"),
        (30, "=  d"),
        (33, "a = b + c + d"),
        (36, r"x = \left( a \right. \left. + b \right)"),
        (37, "a = 1"),
        (37, "b = 2"),
        (38, r"a = 1  \quad \quad b = 2"),
        (38, r"c = 3  \quad  d = 4"),
        (39, r"x = \argmax_\mu Q"),
        (39, r"\tr(A)"),
        (41, "a = b"),
        (43, "c = d"),
        (48, "a = 1"),
        (48, "b = 2"),
        (49, "a  =  1"),
        (49, "=  2"),
        (50, r"\boxed{a = 1}"),
        (50, r"\boxed{b = 2}"),
        (53, r"\frac{\partial L}{\partial \pi_k} = 0"),
        (54, r"\Rightarrow \pi_k = \frac{N_k}{N}"),
        (57, r"z_{nk} = \begin{cases} 1 & \text{if } z_n = k \\ 0 & \text{otherwise} \end{cases}"),
    ]
    assert not [row for row in written(document) if row.problem]
    assert prose(document) == [
        (13, "E-step We write"),
        (14, "for a sample. The density is"),
        (39, "Thus"),
        (39, "and"),
        (39, "."),
        (42, "and hence"),
    ]


def test_a_markdown_document() -> None:
    document = read_document(HERE / "document.md")
    assert document.model == "gaussian-diagonal"
    assert document.symbols == {"r_{nk}": "responsibilities", r"\phi_k": "pi", "m_k": "mu"}
    assert [(line, latex) for line, latex in lines(document) if "=" in latex and latex[-1].isdigit()] == [
        *((10, "a = 1"), (12, "b = 2"), (15, "c = 3"), (19, "d = 4"), (29, "i = 11"), (30, "= 12"), (34, "j = 13")),
        *((36, "k = 14"), (36, "l = 15"), (36, "m = 16"), (39, "n = 17"), (50, "p = 19"), (51, "q = 20")),
    ]
    assert lines(document)[9] == (36, r"\Sigma_k")
    assert lines(document)[12] == (43, r"x \in \R^D")
    assert len(lines(document)) == 15
    assert [row.display for row in written(document)][:7] == [False, True, False, True, True, True, True]
    assert (16, "costs $5 and $10") in prose(document)
    assert (36, ". Multiplying both sides by") in prose(document)


def test_a_notebook() -> None:
    document = read_document(HERE / "document.ipynb")
    assert [(row.line, row.cell, row.latex) for row in written(document)] == [
        (15, 2, r"a = \frac{1}{2}"),
        (21, 3, "b = 1"),
        (21, 3, "c=2"),
    ]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": 3', '{"a": 1}', "]", "[" * 500, '{"cells": [}'])
def test_what_is_no_notebook(text: str) -> None:
    with pytest.raises(InputError, match="no notebook"):
        read_text(text, "notebook", "x.ipynb")


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        read_document(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_document(tmp_path / "missing.md")
    with pytest.raises(InputError, match="cannot be read"):
        read_document(Path("a\x00b"))


def test_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_document(path)


def test_broken_utf_8_is_said(tmp_path: Path) -> None:
    path = tmp_path / "broken.md"
    path.write_bytes(b"Text \xff\xfe with $x = 1$ and \x00 and $\xff$")
    document = read_document(path)
    assert "not valid UTF-8" in prose(document)[0][1]
    assert [bool(row.problem) for row in written(document)] == [False, True]


def test_lines_of_other_systems() -> None:
    assert lines(read_text("a\r\n\r\n$$\r\nx = 1 \\\\\r\ny = 2\r\n$$\r\n", "markdown", "x")) == [
        (4, "x = 1"),
        (5, "y = 2"),
    ]


def test_text_between_two_rules_is_no_front_matter() -> None:
    document = read_text("---\nSome text\n---\n$x = 1$", "markdown", "x")
    assert not document.symbols
    assert lines(document) == [(4, "x = 1")]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        (r"a &= b \\ &\quad + c \\ &= d", ["a = b \\quad + c", "= d"]),
        (r"a &= b + \\ & c", ["a = b + c"]),
        (r"a = \\ b", ["a = b"]),
        (r"a &= \sum_n \gamma_n \\ &\qquad (x_n - m)", [r"a = \sum_n \gamma_n \qquad (x_n - m)"]),
        (r"a &= 1 \\ - b &= 2", ["a = 1", "- b = 2"]),
        (r"a &= 1 \\ - b", ["a = 1 - b"]),
        (r"a &= ( b \\ &+ c", ["a = ( b", "+ c"]),
        (r"a &= \left[ b \right. \\ &\left. \cdot c \right]", [r"a = \left[ b \right. \left. \cdot c \right]"]),
        (r"a &= b, \\ c &= \sum_{\substack{i \\ j}} d", ["a = b,", r"c = \sum_{\substack{i \\ j}} d"]),
        (r"a \\[2pt] b \\* c \cr d", ["a", "b", "c", "d"]),
        (r"a \& b", [r"a \& b"]),
    ],
)
def test_rows_that_go_on_are_joined(source: str, rows: list[str]) -> None:
    text = f"$$\\begin{{aligned}} {source} \\end{{aligned}}$$"
    assert [latex for _, latex in lines(read_text(text, "markdown", "x"))] == rows


def test_a_macro_counts_from_its_definition() -> None:
    text = r"$\v = 1$ \newcommand{\v}{\mu} $\v = 2$ \renewcommand\v{\nu} $\v = 3$"
    rows = written(read_text(text, "latex", "x"))
    assert [row.problem for row in rows] == [r"\v is not known", "", ""]
