"""Feedback as a self-contained page."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from derive.checking.derivations.outcome import Feedback
from derive.checking.feedback.derivation_page import derivation_page
from derive.checking.feedback.hints import Hints
from derive.checking.parsing.tree import Chain, Fenced, Name, Node
from derive.checking.parsing.written import Document, Written
from tests.checking.feedback.samples import CLEAN, DOCUMENT, EMPTY, FEEDBACK, HOSTILE, NASTY, NASTY_DOCUMENT

VOID = {"meta", "link", "img", "br", "mspace"}
ALLOWED = {
    "html", "head", "meta", "link", "title", "style", "body", "header", "main", "section", "h1",
    "h2", "p", "div", "span",
    "ul", "li", "b", "i", "a", "code", "mark", "sup", "sub", "table", "tr", "th", "td", "details", "summary",
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msub", "msup", "msubsup", "munder", "mover",
    "munderover", "mtable", "mtr", "mtd",
}  # fmt: skip


class Reader(HTMLParser):
    """Every element with its attributes, and whether they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("document", [DOCUMENT, None])
def test_rows_have_their_marks_in_order(document: Document | None) -> None:
    page = derivation_page(FEEDBACK, Hints.why, document)
    assert re.findall(r'<span class="mark"[^>]*>(.)</span>', page) == ["!", "!", "✓", "⇔", "✗", "↳", "?"]
    assert re.findall(r'<span class="line"[^>]*>(\d+)</span>', page) == ["7", "11", "15", "19", "23", "25", "28"]
    assert '<a href="#row-5">line 23</a>' in page
    assert 'id="row-5"' in page


def test_formulas_are_typeset_from_their_trees() -> None:
    page = derivation_page(FEEDBACK, Hints.why, DOCUMENT)
    assert page.count("<math") == 7 + 4  # six rows that were read, a symbol in the text, four in the counter-example
    assert r"\frac{\partial" not in page
    assert "<mfrac><mrow><mo lspace=" in page
    assert '<mrow class="boxed">' in page


def test_prose_is_kept_between_its_rows() -> None:
    text = read(derivation_page(FEEDBACK, Hints.why, DOCUMENT)).text
    places = [text.index(part) for part in ("The log-likelihood:", "Consider a single", "Multiplying", "That is all.")]
    assert places == sorted(places)
    assert re.search(r"Consider a single\s+μk\. Now,", text)


def test_a_row_that_could_not_be_read_is_shown_as_it_was_written() -> None:
    page = derivation_page(FEEDBACK, Hints.why, DOCUMENT)
    assert r"<code>\Sigma_k = \frac{1<mark>}</mark>{N_k" in page
    assert "a closing brace is missing" in page


@pytest.mark.parametrize(("hints", "count"), [(Hints.none, 0), (Hints.where, 1), (Hints.why, 2), (Hints.solution, 3)])
def test_hints_are_opened_by_a_click_and_given_by_level(hints: Hints, count: int) -> None:
    page = derivation_page(FEEDBACK, hints, DOCUMENT)
    assert page.count("<details>") == count
    assert ("Solution" in page) == (hints is Hints.solution)
    if hints is Hints.solution:
        assert "<mfrac>" in page[page.index("Solution") :]


def test_the_counter_example_is_a_table() -> None:
    text = " ".join(read(derivation_page(FEEDBACK, Hints.why, DOCUMENT)).text.split())
    assert "A counter-example, with N = 2, K = 2, D = 1" in text
    assert "left side5/6 right side5/8" in text


@pytest.mark.parametrize(
    ("feedback", "document"),
    [(FEEDBACK, DOCUMENT), (FEEDBACK, None), (NASTY, NASTY_DOCUMENT), (NASTY, None), (CLEAN, None), (EMPTY, None)],
)
def test_a_page_is_well_formed_and_loads_nothing(feedback: Feedback, document: Document | None) -> None:
    page = derivation_page(feedback, Hints.solution, document)
    page.encode()
    reader = read(page)
    assert {tag for tag, _ in reader.elements} <= ALLOWED
    for tag, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}]
        href = attributes.get("href")
        assert href is None or href.startswith("#") or (tag == "link" and href == "data:,")
    assert "\x00" not in page
    assert "\u202e" not in page


def test_what_is_hostile_is_shown_as_text() -> None:
    page = derivation_page(NASTY, Hints.solution, NASTY_DOCUMENT)
    shown = read(page).text
    assert shown.count("<script>alert(1)</script>") >= 12
    assert "<script" not in page
    assert "<img" not in page
    assert HOSTILE not in page


def test_a_link_to_a_script_in_prose_is_text() -> None:
    words = replace(FEEDBACK.rows[2], prose="[click](javascript:alert(1)) <a href='javascript:alert(1)'>x</a>")
    page = derivation_page(replace(FEEDBACK, rows=(words,)))
    assert 'href="javascript' not in page
    assert "href='javascript" not in page


def test_the_policy_allows_this_style_and_nothing_else() -> None:
    page = derivation_page(FEEDBACK, Hints.why, DOCUMENT)
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_a_formula_that_is_nested_too_deeply_is_shown_as_source() -> None:
    node: Node = Name("x")
    for _ in range(5000):
        node = Fenced("(", node)
    written = Written(FEEDBACK.rows[2].latex, FEEDBACK.rows[2].line, (Chain((node,), ()),))
    page = derivation_page(replace(FEEDBACK, rows=FEEDBACK.rows[2:3]), Hints.why, Document("deep", (written,)))
    assert r"<code>\frac{\partial L}" in page


def test_the_summary_says_how_it_went() -> None:
    assert "1 row is wrong; 6 of 7 rows of mathematics checked (85\u00a0%)." in derivation_page(FEEDBACK)
    assert "Nothing wrong was found; 1 of 1" in derivation_page(CLEAN)
    assert "No row of mathematics was found." in derivation_page(EMPTY)
    wrong_result = replace(CLEAN, results=(("means", "wrong"),))
    assert "No row is wrong, but a result is" in derivation_page(wrong_result)
