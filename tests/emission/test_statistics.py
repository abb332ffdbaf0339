"""Generated statistics, merge and update: blocks of any sizes give the M-step, also far from zero and in float32."""

import inspect
from functools import cache, reduce
from typing import Any

import numpy as np
import pytest

import derive
from derive.emission.module import render_module
from derive.runtime.load import load_source
from tests.language.floats import Array
from tests.proof.derivations import derivation

GAUSSIANS = ("gaussian-1d", "gaussian-full", "gaussian-tied", "gaussian-diagonal", "gaussian-spherical")
N, K, D = 61, 3, 2
every_gaussian = pytest.mark.parametrize("name", GAUSSIANS)


@cache
def module(name: str) -> Any:
    return load_source(render_module(derivation(name)), name)


def data(name: str, seed: int, offset: float = 0.0) -> Array:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, D)) + 3.0 * rng.integers(0, 3, size=(N, 1)) + offset
    return X[:, 0] if name == "gaussian-1d" else X


def start(name: str, X: Array, seed: int) -> Any:
    return module(name).m_step(X, np.random.default_rng(seed).dirichlet(np.full(K, 0.5), size=N))


def merged(name: str, X: Array, parameters: Any, cuts: list[int]) -> Any:
    blocks = [module(name).statistics(block, parameters) for block in np.split(X, cuts)]
    return reduce(module(name).merge, blocks)


def expected(name: str, X: Array, parameters: Any) -> Any:
    return module(name).m_step(X, module(name).e_step(X, parameters), parameters)


def assert_close(found: Any, wanted: Any, rtol: float) -> None:
    assert found._fields == wanted._fields
    for name, a, b in zip(wanted._fields, found, wanted, strict=True):
        assert np.shape(a) == np.shape(b), name
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * float(np.abs(b).max()), err_msg=name)


@every_gaussian
@pytest.mark.parametrize("cuts", [[], [1], [7, 7, 40], [0, N], list(range(1, N))], ids=lambda cuts: str(len(cuts)))
def test_blocks_of_any_sizes_give_the_m_step(name: str, cuts: list[int]) -> None:
    X = data(name, 0)
    parameters = start(name, X, 1)
    found = module(name).update(merged(name, X, parameters, cuts))
    assert_close(found, expected(name, X, parameters), 1e-12)


@every_gaussian
def test_data_far_from_zero_lose_no_digits(name: str) -> None:
    X = data(name, 2, offset=1e4)
    parameters = start(name, X, 3)
    moved = module(name).statistics(X[20:], start(name, X, 4))
    assert_close(module(name).update(merged(name, X, parameters, [20])), expected(name, X, parameters), 1e-10)
    both = module(name).merge(module(name).statistics(X[:20], parameters), moved)
    alone = module(name).merge(moved, module(name).statistics(X[:20], parameters))
    assert_close(module(name).update(both), module(name).update(alone), 1e-9)


@every_gaussian
def test_float32_stays_and_is_as_good_as_it_can_be(name: str) -> None:
    X = data(name, 5, offset=100.0).astype(np.float32)
    parameters = start(name, X, 6)
    found = module(name).update(merged(name, X, parameters, [13, 30]))
    assert {value.dtype for value in found} == {np.dtype(np.float32)}
    assert_close(found, expected(name, X, parameters), 2e-4)


@every_gaussian
def test_merging_is_symmetric_and_keeps_the_likelihood(name: str) -> None:
    X = data(name, 7)
    parameters = start(name, X, 8)
    a, b, c = (module(name).statistics(block, parameters) for block in np.split(X, [10, 25]))
    merge = module(name).merge
    assert_close(merge(a, merge(b, c)), merge(merge(c, a), b), 1e-12)
    assert merge(a, merge(b, c)).log_likelihood == pytest.approx(module(name).log_likelihood(X, parameters), rel=1e-13)


@every_gaussian
def test_an_empty_block_changes_nothing(name: str) -> None:
    X = data(name, 9)
    parameters, other = start(name, X, 10), start(name, X, 11)
    whole, nothing = module(name).statistics(X, parameters), module(name).statistics(X[:0], other)
    assert_close(module(name).merge(nothing, whole), whole, 0.0)
    assert_close(module(name).update(module(name).merge(whole, nothing)), module(name).update(whole), 1e-10)


@every_gaussian
def test_a_component_without_points_is_refused(name: str) -> None:
    X = data(name, 12)
    parameters = start(name, X, 13)
    empty = parameters._replace(weights=np.array([0.5, 0.0, 0.5]))
    with pytest.raises(ValueError, match="component 1 has no points"):
        module(name).update(module(name).statistics(X, empty))


@every_gaussian
def test_fields_have_the_declared_shapes(name: str) -> None:
    X = data(name, 14)
    found = module(name).statistics(X, start(name, X, 15))
    sizes = {"K": K, "D": D}
    for field, shape in module(name).STATISTIC_SHAPES.items():
        assert np.shape(getattr(found, field)) == tuple(sizes[size] for size in shape)
    doubled = module(name).merge(found, found)
    for field in found._fields:
        factor = 2 if field in module(name).STATISTIC_SHAPES else 1
        np.testing.assert_allclose(getattr(doubled, field), factor * np.asarray(getattr(found, field)))


@every_gaussian
def test_the_interface(name: str) -> None:
    functions = {
        f: list(inspect.signature(getattr(module(name), f)).parameters) for f in ("statistics", "merge", "update")
    }
    assert functions == {
        "statistics": ["block", "parameters"],
        "merge": ["a", "b"],
        "update": ["statistics", "previous"],
    }


def test_known_numbers_of_a_sample_are_no_argument_of_the_update(tmp_path: Any) -> None:
    text = """
from derive import *

n, k = Index("n", "N"), Index("k", "K")
y, t = Data("y", n, domain=NonNegative), Known("t", n, domain=Positive, code="exposures")
lam = Parameter("lam", k, domain=Positive, code="rates")
g = Known("g", k, domain=Positive, code="factors")
pi = Parameter("pi", k, domain=Simplex, code="weights")
model = Mixture("visits", weights=pi, log_density=y[n] * log(g[k] * lam[k] * t[n]) - g[k] * lam[k] * t[n])
"""
    path = tmp_path / "visits.py"
    path.write_text(text)
    visits: Any = derive.load(path).module()
    assert list(inspect.signature(visits.statistics).parameters) == ["block", "parameters", "factors", "exposures"]
    assert list(inspect.signature(visits.merge).parameters) == ["a", "b"]
    assert list(inspect.signature(visits.update).parameters) == ["statistics", "previous", "factors"]
    rng = np.random.default_rng(0)
    X, exposures, factors = rng.poisson(4.0, size=N).astype(float), rng.gamma(3.0, size=N), np.array([1.0, 2.0])
    parameters = visits.m_step(X, rng.dirichlet([1, 1], size=N), factors=factors, exposures=exposures)
    gamma = visits.e_step(X, parameters, factors=factors, exposures=exposures)
    blocks = [
        visits.statistics(X[part], parameters, factors=factors, exposures=exposures[part])
        for part in (slice(0, 9), slice(9, None))
    ]
    found = visits.update(visits.merge(*blocks), factors=factors)
    assert_close(found, visits.m_step(X, gamma, factors=factors, exposures=exposures), 1e-12)
