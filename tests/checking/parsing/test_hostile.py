"""Hostile hand-ins: each is read or refused in a sentence; nothing else is raised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.checking.parsing.documents import Kind, read_text
from derive.checking.parsing.words import words
from derive.checking.parsing.written import Prose, Written
from derive.errors import InputError

KINDS: tuple[Kind, ...] = ("markdown", "latex")

READ = {
    "a tower of powers": "$9^{9^{9^9}}$",
    "a large factorial": "$10000000!$",
    "20,000 terms": "$$ L = " + " + ".join(["x_1"] * 14_000) + "$$",
    "many factorials": "$$" + "x! " * 5_000 + "$$",
    "letters d": "$$" + "d" * 20_000 + "$$",
    "partials": "$$" + r"\partial " * 5_000 + "x$$",
}
REFUSED = {
    "brackets": "$$" + "(" * 400 + "x" + ")" * 400 + "$$",
    "braces": "$$" + "{" * 4_000 + "x" + "}" * 4_000 + "$$",
    "fractions": "$$" + r"\frac{1}{" * 500 + "x" + "}" * 500 + "$$",
    "scripts": "$$" + "x^{" * 2_000 + "x" + "}" * 2_000 + "$$",
    "functions": "$$" + r"\log " * 3_000 + "x$$",
    "sums": "$$" + r"\sum_k " * 3_000 + "x$$",
    "divisions": "$$" + "x/" * 4_000 + "x$$",
    "bars": "$$(" + "a|b " * 4_000 + ")$$",
    "superscripts": "$$x" + "^2" * 4_000 + "$$",
    "a macro that calls itself": r"\newcommand{\a}{\a\a} $\a$",
    "two macros that call each other": r"\def\x{\y}\def\y{\x} $\x$",
    "macros that double": "".join(rf"\newcommand{{\{chr(98 + i)}}}{{\{chr(97 + i)}\{chr(97 + i)}}}" for i in range(24))
    + r"\newcommand{\a}{xx} $\y$",
    "an argument that grows": r"\newcommand{\f}[1]{#1#1#1#1} $" + r"\f{" * 12 + "x" + "}" * 12 + "$",
    "boxes": "$$" + r"\boxed{" * 3_000 + "x" + "}" * 3_000 + "$$",
    "cases": "$$" + r"\begin{cases}" * 500 + "x" + r"\end{cases}" * 500 + "$$",
    "a long number": "$" + "9" * 4_000 + "$",
    "a long row": "$$" + "x + " * 40_000 + "x$$",
    "relations": "$$" + "x=" * 5_000 + "x$$",
    "a brace never closed": r"$\frac{a}{b$",
    "an environment never closed": "\\begin{align} a = b\n\nMore.",
    "a display never closed": "$$ a = b\n\nMore.",
    "an unknown character": "$x😀$",
}


def rows(text: str, kind: Kind) -> list[Written]:
    return [block for block in read_text(text, kind, "hostile").blocks if isinstance(block, Written)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", READ)
def test_what_is_long_but_plain_is_read(name: str, kind: Kind) -> None:
    (row,) = rows(READ[name], kind)
    assert row.chains
    assert not row.problem


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_one_writes_is_refused(name: str, kind: Kind) -> None:
    (row,) = rows(REFUSED[name], kind)
    assert not row.chains
    assert row.problem
    assert row.column is not None


def test_the_rest_of_a_document_is_read() -> None:
    text = "$$ a = b \n\n Then $x = 1$.\n\n\\begin{align} a \n\n $y = 2$\n\n$\\frac{1$ and $z = 3$"
    assert [row.latex for row in rows(text, "markdown") if not row.problem] == ["x = 1", "y = 2", "z = 3"]


def test_other_files_are_never_read() -> None:
    document = read_text("\\input{/etc/passwd} $x = 1$ \\include{other}", "latex", "hostile")
    assert [block.text for block in document.blocks if isinstance(block, Prose)] == [
        "(/etc/passwd is not read: a hand-in is one file)",
        "(other is not read: a hand-in is one file)",
    ]
    (row,) = rows(r"$\input{a} = 1$", "latex")
    assert row.problem == r"\input is not known"


@pytest.mark.parametrize(
    "text", ["x" * 1_000_001, "\n" * 100_001, "\\begin{align}" * 100_000], ids=["bytes", "lines", "environments"]
)
def test_megabytes_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_text(text, "markdown", "hostile")


def test_more_mathematics_than_anyone_hands_in_is_cut_off() -> None:
    found = rows("$x_n = y$\n" * 30_000, "markdown")
    assert "from here on nothing is read" in found[-1].problem
    assert len(found) <= 20_001


@pytest.mark.parametrize(
    "text",
    [
        "\\" * 90_000,
        "%" * 90_000,
        "<del>" * 20_000,
        "~~a " * 20_000,
        "\\def\\a{" * 10_000,
        "> " * 40_000,
        "```\n" * 20_000,
        "---\na" + " " * 90_000 + "\n---\n",
        "".join("`" * i + " " for i in range(1, 400)),
        "\\begin{verbatim}" * 5_000,
        "\\sout{" * 10_000,
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_never_ends_ends(text: str, kind: Kind) -> None:
    assert not [row for row in rows(text, kind) if row.chains]


PIECES = st.sampled_from(
    words(
        r"\frac \sum \log { } _ ^ ( ) [ ] | & \\ = + - / , . ' ! \left \right \begin{aligned} \end{aligned} ∑ ² 😀 "
        r"\begin{cases} \end{cases} x n \mu \partial d \text{where} \text{ \boxed \cancel $ $$ \[ \] \( \) ~~ ` > --- "
        r"\newcommand \a #1 1 2.5 \mathbf \mathrm \overset \underset \operatorname \sqrt \hat \over \mid \nabla % "
        r"\quad \Rightarrow \to \mathcal \substack \underbrace \bigl \middle <s> </s> <!-- --> ; : * \cdot const new"
    )
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=3), st.just("\n"), st.just(" ")), max_size=40), st.sampled_from(KINDS)
)
def test_any_text_is_a_document(pieces: list[str], kind: Kind) -> None:
    for separator in ("", " "):
        text = separator.join(pieces)
        for row in (*rows(text, kind), *rows(f"$${text}$$", kind)):
            assert bool(row.problem) != bool(row.chains)
            assert row.column is None or 1 <= row.column <= len(row.latex) + 1
