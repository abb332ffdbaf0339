"""What derivations begin with: notation that claims nothing, densities of labels, sums over them, lower bounds."""

import pytest

from derive.checking.derivations.check import check_document
from derive.checking.derivations.outcome import Verdict
from derive.checking.parsing.documents import read_text

BEFORE = r"""The responsibilities $\gamma_{nk}$.
$$\mu_k = \frac{\sum_n \gamma_{nk} x_n}{\sum_n \gamma_{nk}}$$
"""


def _verdicts(formula: str) -> list[Verdict]:
    rows = check_document(read_text(f"{BEFORE}\nWhere ${formula}$, as usual.", "markdown", "text")).rows
    assert rows[0].verdict is Verdict.RIGHT
    return [row.verdict for row in rows[1:]]


@pytest.mark.parametrize(
    "formula",
    [
        r"n = 1, \dots, N",
        r"k=1,2,\ldots,K",
        r"\theta = (\pi, \mu, \Sigma)",
        r"\theta = \{\pi_k, \mu_k, \Sigma_k\}_{k=1}^K",
        r"X = \{x_1, \dots, x_N\}",
        r"z_n \in \{1, \dots, K\}",
        r"x_n \in \mathbb{R}^D",
        r"z_{nk} = 1",
        r"z_{nk} = 0",
        r"z_n = k",
        "K = 3",
        r"z_n \sim \text{Cat}(\pi)",
    ],
)
def test_notation_claims_nothing(formula: str) -> None:
    assert _verdicts(formula) == []


@pytest.mark.parametrize(
    "formula",
    [
        r"p(z_n) = \prod_k \pi_k^{z_{nk}}",
        r"p(x_n | z_n) = \prod_k \mathcal{N}(x_n|\mu_k,\Sigma_k)^{z_{nk}}",
        r"p(x_n, z_n) = \prod_k [\pi_k \mathcal{N}(x_n|\mu_k,\Sigma_k)]^{z_{nk}}",
        r"p(Z) = \prod_n \prod_k \pi_k^{z_{nk}}",
        r"p(X|Z) = \prod_n \prod_k \mathcal{N}(x_n|\mu_k,\Sigma_k)^{z_{nk}}",
        r"\ln p(X, Z) = \sum_n \sum_k z_{nk} \{\ln \pi_k + \ln \mathcal{N}(x_n|\mu_k,\Sigma_k)\}",
        r"p(x_n) = \sum_{z_n} p(z_n) p(x_n | z_n) = \sum_k \pi_k \mathcal{N}(x_n | \mu_k, \Sigma_k)",
        r"Q(\theta, \theta^{old}) = \sum_Z p(Z | X, \theta^{old}) \ln p(X, Z | \theta)",
        r"p(z_{nk} = 1 | x_n) = \gamma_{nk}",
        r"\Sigma_k \succ 0",
        r"\log p(X) \ge \sum_n \sum_k \gamma_{nk} \log \frac{\pi_k \mathcal{N}(x_n|\mu_k,\Sigma_k)}{\gamma_{nk}}",
        r"\log p(x_n) \ge \sum_k \gamma_{nk} \log \frac{\pi_k \mathcal{N}(x_n|\mu_k,\Sigma_k)}{\gamma_{nk}}",
    ],
)
def test_what_holds_is_right(formula: str) -> None:
    assert _verdicts(formula) == [Verdict.RIGHT]


@pytest.mark.parametrize(
    "formula",
    [
        r"p(z_n) = \prod_k \pi_k^{2 z_{nk}}",
        r"p(z_n) = \sum_k \pi_k^{z_{nk}}",
        r"p(x_n | z_n) = \prod_k [\pi_k \mathcal{N}(x_n|\mu_k,\Sigma_k)]^{z_{nk}}",
        r"p(X|Z) = \prod_n \prod_k \pi_k^{z_{nk}}",
        r"p(x_n) = \sum_{z_n} p(x_n | z_n) = \sum_k \pi_k \mathcal{N}(x_n | \mu_k, \Sigma_k)",
        r"Q(\theta, \theta^{old}) = \sum_Z p(Z | X, \theta^{old}) \ln p(X | Z)",
        r"\log p(X) \le \sum_n \sum_k \gamma_{nk} \log \frac{\pi_k \mathcal{N}(x_n|\mu_k,\Sigma_k)}{\gamma_{nk}}",
    ],
)
def test_what_does_not_hold_is_wrong(formula: str) -> None:
    assert _verdicts(formula) == [Verdict.WRONG]


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathrm{d} \log|\Sigma_k| = \text{tr}(\Sigma_k^{-1} d\Sigma_k)",
        r"\sum_{z_{nk}} z_{nk} p(z_{nk} | x_n) = \gamma_{nk}",
    ],
)
def test_what_is_not_read_is_neither(formula: str) -> None:
    assert _verdicts(formula) == [Verdict.UNCHECKED]
