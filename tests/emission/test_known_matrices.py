"""Known matrices of the samples: dense, diagonal or spherical, precisions or covariances, beside hand-written NumPy."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import derive
from derive.runtime.kernel import em_step

HEAD = """
from derive import *
n, k, d, D = Index("n", "N"), Index("k", "K"), Index("d", "C"), Dimension("D")
pi = Parameter("pi", k, domain=Simplex, code="weights")
"""
GAUSSIAN = """
x, mu = Data("x", n, shape=D), Parameter("mu", k, shape=D)
R = Known("R", n, shape=(D, D), domain={domain}(D))
model = Mixture("own", weights=pi, log_density=({sign}logdet(R[n]) - quad({matrix}, x[n] - mu[k]) - D*log(2*PI))/2)
"""
EXPOSED = """
x, t, lam = Data("x", n, d, domain=Count), Known("t", n, d, domain=Positive), Parameter("lam", k, d, domain=Positive)
model = Mixture("own", weights=pi, log_density=sum_over(d, x[n, d]*log(t[n, d]*lam[k, d]) - t[n, d]*lam[k, d]))
"""
WEIGHTS = np.array([0.2, 0.3, 0.5])


def _module(text: str, folder: Path) -> Any:
    path = folder / "own.py"
    path.write_text(HEAD + text)
    return derive.load(str(path)).module()


def _matrices(domain: str, rng: np.random.Generator) -> tuple[Any, Any]:
    """As the module takes them, and as matrices; entries off the diagonal have both signs."""
    if domain == "Spherical":
        stored = rng.uniform(0.5, 2, 93)
        return stored, stored[:, None, None] * np.eye(2)
    if domain == "Diagonal":
        stored = rng.uniform(0.5, 2, (93, 2))
        return stored, stored[:, None] * np.eye(2)
    root = rng.normal(size=(93, 2, 2))
    dense = root @ np.swapaxes(root, 1, 2) + 0.3 * np.eye(2)
    return dense, dense


def _gaussian(X: Any, means: Any, precisions: Any) -> tuple[Any, Any, float]:
    """New weights and means, and the log-likelihood, by a loop over components."""
    difference = X[:, None] - means
    square = np.einsum("nkd,nde,nke->nk", difference, precisions, difference)
    joint = np.log(WEIGHTS) + np.linalg.slogdet(precisions)[1][:, None] / 2 - square / 2 - np.log(2 * np.pi)
    value = np.logaddexp.reduce(joint, axis=1)
    gamma = np.exp(joint - value[:, None])
    found = [
        np.linalg.solve((own[:, None, None] * precisions).sum(0), np.einsum("n,nde,ne->d", own, precisions, X))
        for own in gamma.T
    ]
    return gamma.mean(axis=0), np.stack(found), float(value.sum())


@pytest.mark.parametrize("domain", ["PositiveDefinite", "Diagonal", "Spherical"])
@pytest.mark.parametrize("is_precision", [True, False])
def test_a_gaussian_whose_samples_have_known_matrices(domain: str, is_precision: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    stored, dense = _matrices(domain, rng)
    X, means = rng.normal(size=(93, 2)), rng.normal(size=(3, 2))
    matrix, sign = ("R[n]", "") if is_precision else ("inverse(R[n])", "-")
    code = _module(GAUSSIAN.format(domain=domain, matrix=matrix, sign=sign), tmp_path)
    weights, moved, value = _gaussian(X, means, dense if is_precision else np.linalg.inv(dense))
    start = code.Parameters(WEIGHTS, means)
    for strategy in ("features", "centred", None):
        knowns = {"R": stored}
        found, reached = (
            em_step(code, X, start, knowns=knowns, strategy=strategy) if strategy else code.em_step(X, start, **knowns)
        )
        assert reached == pytest.approx(value, rel=1e-12)
        np.testing.assert_allclose(found.weights, weights, rtol=1e-10)
        np.testing.assert_allclose(found.mu, moved, rtol=1e-9)


def test_exposures_of_each_coordinate_and_a_component_without_points(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    hours, rates = rng.uniform(0.5, 2, (93, 4)), rng.uniform(1, 5, (3, 4))
    X = rng.poisson(2.0, size=(93, 4)).astype(float)
    code = _module(EXPOSED, tmp_path)
    joint = np.log(WEIGHTS) + (X[:, None] * np.log(hours[:, None] * rates) - hours[:, None] * rates).sum(axis=2)
    value = np.logaddexp.reduce(joint, axis=1)
    gamma = np.exp(joint - value[:, None])
    for strategy in ("features", "centred"):
        found, _ = em_step(code, X, code.Parameters(WEIGHTS, rates), knowns={"t": hours}, strategy=strategy)
        np.testing.assert_allclose(found.lam, (gamma.T @ X) / (gamma.T @ hours), rtol=1e-10)
    with pytest.raises(ValueError, match="component 2 has no points"):
        code.m_step(X, np.broadcast_to([0.4, 0.6, 0.0], (93, 3)), t=hours)
