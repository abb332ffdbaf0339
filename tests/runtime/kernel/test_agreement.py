"""One iteration by the kernel is that of the module's own functions: every model, strategy and number of threads."""

from typing import Any

import numpy as np
import pytest

import derive
from derive.errors import InputError
from derive.runtime.kernel import Kernel, em_step, featured, quadratic
from tests.baseline_em import BASELINE
from tests.catalogue.example import m_step, module, problem
from tests.catalogue.examples import EXAMPLES

SIZES = (331, 3, 2)
MANY = {"gaussian-full": (700, 5, 7), "gaussian-diagonal": (700, 5, 7), "multinomial": (700, 4, 6)}


def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks, the last one shorter, for data of a few hundred rows."""
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    monkeypatch.setattr(quadratic, "LONGEST", 64)


def _close(found: Any, expected: Any, tolerance: float = 1e-10) -> None:
    for name, one, other in zip(expected._fields, found, expected, strict=True):
        scale = max(1.0, float(np.abs(other).max()))
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * scale, err_msg=name)


@pytest.mark.parametrize("strategy", ["auto", "features", "centred"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_model_of_the_catalogue(name: str, strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _small_blocks(monkeypatch)
    example, code = EXAMPLES[name], module(name)
    given = problem(example, MANY.get(name, SIZES), seed=3)
    start = m_step(example, given)
    if strategy != "auto" and not hasattr(code, "statistics"):
        with pytest.raises(InputError, match="leave the strategy to be chosen"):
            Kernel(code, strategy=strategy)
        return
    expected, value = code.em_step(given.X, start, **given.knowns)
    for threads in (1, 3):
        found, reached = em_step(code, given.X, start, knowns=given.knowns, threads=threads, strategy=strategy)
        assert reached == pytest.approx(value, rel=1e-11)
        _close(found, expected)


@pytest.mark.parametrize("components", [1, 3, 6])
@pytest.mark.parametrize("coordinates", [1, 31, 33, 70])
def test_panels_of_any_width(components: int, coordinates: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Triangular matrices whose last panel is narrow, and components that do not fill the last group."""
    _small_blocks(monkeypatch)
    rng = np.random.default_rng(7)
    X = rng.normal(size=(500, coordinates)) @ rng.normal(size=(coordinates, coordinates)) + 30
    start = BASELINE["gaussian-full"].m_step(X, rng.dirichlet(np.ones(components), size=len(X)))
    expected, value = BASELINE["gaussian-full"].em_step(X, start)
    code = module("gaussian-full")
    for threads in (1, 3):
        found, reached = em_step(code, X, code.Parameters(*start), threads=threads, strategy="whitened")
        assert reached == pytest.approx(value, rel=1e-11)
        _close(found, code.Parameters(*expected), 1e-9)


def test_whitening_serves_whatever_is_quadratic(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prior, weights of the samples, one mean for all components; not what has other features."""
    _small_blocks(monkeypatch)
    rng = np.random.default_rng(6)
    X, counts = rng.normal(size=(211, 4)) + 7, rng.integers(1, 5, size=211).astype(float)
    full = derive.load("gaussian-full")
    for model in (full.tie("mu"), full.weights("frequency"), full.prior("pi ~ dirichlet(3)")):
        code = model.module()
        knowns = dict.fromkeys(code.KNOWNS, counts)
        start = code.m_step(X, rng.dirichlet([0.5, 2.0, 3.0], size=len(X)), **knowns)
        expected, value = code.em_step(X, start, **knowns)
        found, reached = em_step(code, X, start, knowns=knowns, strategy="whitened", threads=2)
        assert reached == pytest.approx(value, rel=1e-12)
        _close(found, expected)
    with pytest.raises(InputError, match="gaussian-diagonal is not quadratic"):
        Kernel(module("gaussian-diagonal"), strategy="whitened")


@pytest.mark.parametrize("name", sorted(BASELINE))
@pytest.mark.parametrize("strategy", ["features", "centred"])
def test_the_hand_written_baseline(name: str, strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _small_blocks(monkeypatch)
    rng = np.random.default_rng(8)
    X = rng.normal(size=(211, 4)) @ rng.normal(size=(4, 4)) + 5
    X = X[:, 0] if name == "gaussian-1d" else X
    start = BASELINE[name].m_step(X, rng.dirichlet([0.5, 1.0, 2.0], size=len(X)))
    expected, value = BASELINE[name].em_step(X, start)
    code = derive.load(name).module()
    found, reached = em_step(code, X, code.Parameters(*start), threads=2, strategy=strategy)
    assert reached == pytest.approx(value, rel=1e-12)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("spec", ["Sigma", "mu"])
def test_models_that_were_changed(spec: str) -> None:
    code = derive.load("gaussian-full").tie(spec).module()
    rng = np.random.default_rng(9)
    X = rng.normal(size=(93, 3)) + 100
    start = code.m_step(X, rng.dirichlet([0.5, 2.0], size=len(X)))
    expected, value = code.em_step(X, start)
    found, reached = em_step(code, X, start)
    assert reached == pytest.approx(value, rel=1e-12)
    _close(found, expected)


def test_a_prior_and_weights_of_the_samples() -> None:
    code = derive.load("gaussian-full").weights("frequency").prior("pi ~ dirichlet(3)").module()
    rng = np.random.default_rng(10)
    X, counts = rng.normal(size=(93, 3)) + 7, rng.integers(1, 5, size=93).astype(float)
    knowns = {next(iter(code.KNOWNS)): counts}
    start = code.m_step(X, rng.dirichlet([0.5, 2.0], size=len(X)), **knowns)
    expected, value = code.em_step(X, start, **knowns)
    for strategy in ("features", "centred"):
        found, reached = em_step(code, X, start, knowns=knowns, strategy=strategy, threads=2)
        assert reached == pytest.approx(value, rel=1e-12)
        _close(found, expected)


def test_results_repeat_bit_for_bit() -> None:
    rng = np.random.default_rng(11)
    X = rng.normal(size=(20_001, 3))
    code = module("gaussian-full")
    start = code.m_step(X, rng.dirichlet([0.5, 1.0, 2.0], size=len(X)))
    first, again = (em_step(code, X, start, threads=3) for _ in range(2))
    assert first[1] == again[1]
    assert all((one == other).all() for one, other in zip(first[0], again[0], strict=True))


def test_float32_is_kept_and_summed_in_float64() -> None:
    rng = np.random.default_rng(12)
    X = (rng.normal(size=(50_000, 2)) + np.array([0, 4.2])).astype(np.float32)
    code = module("gaussian-full")
    start = code.m_step(X, rng.dirichlet([0.5, 2.0], size=len(X)))
    exact, value = code.em_step(X.astype(float), code.Parameters(*(part.astype(float) for part in start)))
    for strategy in ("features", "whitened", "centred"):
        found, reached = em_step(code, X, start, strategy=strategy)
        assert all(part.dtype == np.float32 for part in found)
        assert reached == pytest.approx(value, rel=1e-6)
        _close(found, exact, 1e-4)


def test_what_cannot_be_asked_for() -> None:
    code = module("gaussian-full")
    with pytest.raises(InputError, match="unknown strategy 'fast'"):
        Kernel(code, strategy="fast")
    with pytest.raises(InputError, match="threads"):
        Kernel(code, threads=0)
    with pytest.raises(ValueError, match=r"X has shape \(4,\)"):
        em_step(code, np.zeros(4), code.Parameters(np.ones(1), np.zeros((1, 2)), np.eye(2)[None]))


def test_precisions_of_the_samples_stand_in_the_features() -> None:
    code = derive.load("gaussian-1d").weights("precision:sigma2").module()
    rng = np.random.default_rng(13)
    X, precisions = rng.normal(size=93) + 7, rng.uniform(0.5, 3.0, size=93)
    knowns = {next(iter(code.KNOWNS)): precisions}
    start = code.m_step(X, rng.dirichlet([0.5, 2.0], size=len(X)), **knowns)
    expected, value = code.em_step(X, start, **knowns)
    found, reached = em_step(code, X, start, knowns=knowns, strategy="features", threads=2)
    assert reached == pytest.approx(value, rel=1e-12)
    _close(found, expected)
    assert em_step(code, X, start, knowns=knowns)[1] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", ["gaussian-tied", "gaussian-full", "poisson"])
def test_data_that_are_held_give_the_same_fit(name: str) -> None:
    """What is summed once serves all iterations, whatever the parameters have become."""
    rng = np.random.default_rng(14)
    X = rng.normal(size=(331, 3)) + 50 if name != "poisson" else rng.poisson(5.0, size=331).astype(float)
    knowns = {"exposures": rng.uniform(1, 2, size=331)} if name == "poisson" else {}
    code = module(name)
    parameters = code.m_step(X, rng.dirichlet([0.5, 1.0, 2.0], size=len(X)), **knowns)
    driver = Kernel(code, knowns=knowns, threads=2).hold(X)
    for _ in range(5):
        expected, value = code.em_step(X, parameters, **knowns)
        found, reached = driver.em_step(X, parameters)
        assert reached == pytest.approx(value, rel=1e-12)
        _close(found, expected)
        parameters = found
    other = X[:200].copy()
    of_other = {key: value[:200] for key, value in knowns.items()}
    assert driver.em_step(other, parameters, knowns=of_other)[1] == pytest.approx(
        code.log_likelihood(other, parameters, **of_other), rel=1e-12
    )


def test_float32_far_from_zero_is_moved_by_an_origin_that_it_can_hold() -> None:
    rng = np.random.default_rng(15)
    X = (rng.normal(size=(20_000, 2)) + 1000).astype(np.float32)
    code = module("gaussian-full")
    start = code.m_step(X.astype(float), rng.dirichlet([0.5, 2.0], size=len(X)))
    exact, value = code.em_step(X.astype(float), start)
    found, reached = em_step(code, X, start)
    assert reached == pytest.approx(value, rel=1e-5)
    np.testing.assert_allclose(found.means, exact.means, rtol=2e-7)
    np.testing.assert_allclose(found.covariances, exact.covariances, rtol=1e-3, atol=1e-3)
