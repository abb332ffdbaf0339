"""Starts are proper responsibilities, follow the data's structure and not its units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import FitError, InputError
from derive.runtime.initialisation import INITS, initial_responsibilities, standardise


@given(seed=st.integers(0, 10_000), k=st.integers(1, 6), width=st.integers(1, 4), init=st.sampled_from(INITS))
def test_rows_sum_to_one_and_every_component_has_weight(seed: int, k: int, width: int, init: str) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(17, width))
    responsibilities = initial_responsibilities(X, k, rng, init)
    assert responsibilities.shape == (17, k)
    np.testing.assert_allclose(responsibilities.sum(axis=1), 1)
    assert (responsibilities > 0).all()


@pytest.mark.parametrize("init", INITS)
def test_units_and_offsets_change_nothing(init: str) -> None:
    X = np.random.default_rng(3).normal(size=(40, 2))
    plain = initial_responsibilities(X, 3, np.random.default_rng(0), init)
    scaled = initial_responsibilities(X * [2.0**-40, 2.0**40] + [0, 2.0**40], 3, np.random.default_rng(0), init)
    if init != "random":  # distinct rows are numbered in sorted order, which rounding may exchange
        np.testing.assert_array_equal(scaled, plain)
    assert scaled.shape == plain.shape


def test_separate_clusters_are_found() -> None:
    X = np.repeat([0.0, 10.0, 20.0], 5) + np.tile(np.linspace(0, 1, 5), 3)
    labels = initial_responsibilities(X, 3, np.random.default_rng(0)).argmax(axis=1).reshape(3, 5)
    assert (labels == labels[:, :1]).all()
    assert len(set(labels[:, 0])) == 3


@pytest.mark.parametrize("init", INITS)
def test_fewer_distinct_rows_than_components(init: str) -> None:
    X = np.array([[1.0, 2.0], [3.0, 4.0]] * 6)
    with pytest.raises(FitError, match="component 2 has no points of its own: the data hold only 2 distinct rows"):
        initial_responsibilities(X, 4, np.random.default_rng(0), init)


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(InputError, match="kmeans, k-means"):
        initial_responsibilities(np.arange(3.0), 1, np.random.default_rng(0), "best")


def test_constant_columns_become_zero_not_nan() -> None:
    Z = standardise(np.array([[1.0, 0.1], [2.0, 0.1], [4.0, 0.1]]))
    np.testing.assert_array_equal(Z[:, 1], 0)
    np.testing.assert_allclose(Z[:, 0].std(), 1)
