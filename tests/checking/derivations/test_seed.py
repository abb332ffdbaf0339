"""The derivation that all began with: read in full, nothing wrong, and the remarks that it deserves."""

from pathlib import Path

import pytest

from derive.checking.derivations.check import check_document
from derive.checking.derivations.outcome import Feedback, Verdict
from derive.checking.parsing.documents import read_document, read_text

SEED = Path(__file__).parent / "seed.md"


@pytest.fixture(scope="module")
def feedback() -> Feedback:
    return check_document(read_document(SEED))


def test_it_is_read_in_full(feedback: Feedback) -> None:
    assert feedback.coverage == 1
    assert len(feedback.rows) == 24
    assert feedback.first_wrong is None
    assert dict(feedback.results) == {
        "means": "right",
        "covariances": "right",
        "weights": "right",
        "responsibilities": "absent",
    }


def test_it_gets_exactly_its_remarks(feedback: Feedback) -> None:
    of_rows = [(row.line, remark.name) for row in feedback.rows for remark in row.remarks]
    assert of_rows == [(8, "q-called-log-likelihood"), (14, "propto-for-constant"), (35, "propto-for-constant")]
    assert [remark.name for remark in feedback.remarks] == ["n-twice", "two-objectives", "assumptions-unsaid"]
    stale = [row for row in feedback.rows if row.verdict is Verdict.EQUATION]
    assert [row.line for row in stale] == [27]
    assert "no longer the derivative" in stale[0].says


MISTAKES = [
    (r"[\log \pi_k + \log N(x_n", r"[\log N(x_n", 8, "log-weight-lost"),
    (r"\gamma_{nk} [\log \pi_k", r"[\log \pi_k", 8, "responsibility-forgotten"),
    (r"+\frac{1}{2} \times 2", r"-\frac{1}{2} \times 2", 19, "sign"),
    (r"\Sigma_k^{-1} (x_n - \mu_k) = 0", r"\Sigma_k (x_n - \mu_k) = 0", 21, "inverse-lost"),
    (r"\gamma_{nk} x_n}{\sum_{n=1}^N \gamma_{nk}}", r"\gamma_{nk} x_n}{N}", 29, "n-for-count"),
    (r"\frac{\sum_{n=1}^N \gamma_{nk} x_n}", r"\frac{\sum_{k=1}^K \gamma_{nk} x_n}", 29, "sum-over-wrong-index"),
    (r"[ (\Sigma_k^{-1})^{-1} - (x_n", r"[ (\Sigma_k^{-1})^{-1} + (x_n", 41, "sign-of-a-term"),
    (r"(x_n - \mu_k)(x_n - \mu_k)^T$$", r"(x_n - \mu_k)^T(x_n - \mu_k)$$", 43, "inner-for-outer"),
    (r"\frac{1}{\sum_{n=1}^N \gamma_{nk}} \left", r"\frac{1}{\sum_{n=1}^N \gamma_{nk} - 1} \left", 45, "one-less"),
    (r" + \lambda \left[ 1 - \sum_{k=1}^K \pi_k \right]", "", 52, "multiplier-forgotten"),
    (r"\frac{1}{\pi_k} - \lambda", r"- \lambda", 60, "one-over-weight-lost"),
    (r"$\lambda = N$", r"$\lambda = K$", 67, "k-for-n"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "name"), MISTAKES)
def test_a_mistake_is_found_where_it_is(right: str, wrong: str, line: int, name: str) -> None:
    text = SEED.read_text()
    assert right in text
    row = check_document(read_text(text.replace(right, wrong, 1), "markdown", "seed")).first_wrong
    assert row is not None
    assert (row.line, row.mistake) == (line, name)


def test_a_wrong_row_has_its_smallest_counter_example() -> None:
    wrong = SEED.read_text().replace(r"\gamma_{nk} x_n}{\sum_{n=1}^N \gamma_{nk}}", r"\gamma_{nk} x_n}{N}", 1)
    row = check_document(read_text(wrong, "markdown", "seed")).first_wrong
    assert row is not None
    assert row.counterexample is not None
    example = row.counterexample
    assert dict(example.sizes) == {"N": 1, "K": 2, "D": 1}
    assert example.left != example.right


def test_what_goes_on_from_a_wrong_row_follows() -> None:
    wrong = SEED.read_text().replace(r"\gamma_{nk} [\log \pi_k", r"2 \gamma_{nk} [\log \pi_k", 1)
    wrong = wrong.replace(
        r"\frac{\partial L}{\partial \mu_k} = \sum_{n=1}^N \gamma_{nk} \Sigma_k^{-1} (x_n - \mu_k) = 0",
        r"\frac{\partial L}{\partial \mu_k} = 2\sum_{n=1}^N \gamma_{nk} \Sigma_k^{-1} (x_n - \mu_k) = 0",
        1,
    )
    rows = {row.line: row for row in check_document(read_text(wrong, "markdown", "seed")).rows}
    assert rows[8].verdict is Verdict.WRONG
    assert rows[21].verdict is Verdict.FOLLOWS
