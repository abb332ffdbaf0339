"""Far clusters, wide tables, offsets and rounding: what can be fitted is, and what cannot is said."""

import numpy as np
import pytest

from derive.errors import FitError, InputError
from derive.runtime.em import fit
from derive.runtime.load import load_generated
from derive.runtime.predict import predict
from tests.runtime.fakes import FULL, SPHERICAL, Fake, Normal

_RNG = np.random.default_rng(5)
_LEFT = _RNG.normal(size=(40, 2))
_RIGHT = _RNG.normal(size=(60, 2)) * [2.0, 1.0]


@pytest.mark.parametrize("fake", [FULL, SPHERICAL], ids=lambda fake: fake.MODEL)
@pytest.mark.parametrize("distance", [1e2, 1e6, 1e8])
def test_narrow_clusters_far_apart_have_not_collapsed(fake: Fake, distance: float) -> None:
    result = fit(fake, np.concatenate([_LEFT, _RIGHT + distance]), 2)
    apart = [fit(fake, part, 1).log_likelihood + len(part) * np.log(len(part) / 100) for part in (_LEFT, _RIGHT)]
    np.testing.assert_allclose(result.log_likelihood, sum(apart), rtol=1e-5)


def test_columns_that_depend_are_still_named_whatever_k_is() -> None:
    X = np.column_stack([_RIGHT, _RIGHT @ [1.0, 2.0]])
    for k in (1, 2, 5):
        with pytest.raises(InputError, match="column '3' follows from '1', '2'"):
            fit(FULL, X, k)


@pytest.mark.parametrize("offset", [0.0, 1e8, -1e10])
def test_a_column_far_from_zero(offset: float) -> None:
    X = np.concatenate([_LEFT, _RIGHT + 6])
    here, there = fit(FULL, X, 2), fit(FULL, X + offset, 2)
    np.testing.assert_allclose(there.log_likelihood, here.log_likelihood, rtol=1e-4)
    assert (np.diff(there.history) >= 0).all()


def test_rounding_that_outweighs_progress_is_said() -> None:
    X = np.concatenate([_LEFT, _RIGHT + 6]) + 1e15
    with pytest.raises((FitError, InputError), match=r"rounding errors|collapsed|cannot describe"):
        fit(FULL, X, 2)


def test_an_outlier_takes_nobody_else_down() -> None:
    X = np.concatenate([_LEFT, [[1e8, -1e8]]])
    assert np.isfinite(fit(FULL, X, 1).log_likelihood)
    with pytest.raises(FitError, match=r"collapsed on one point \(row 41\)"):
        fit(FULL, X, 2)


def test_a_wide_table_needs_no_square_of_its_width() -> None:
    X = _RNG.normal(size=(6, 20_000))
    assert np.isfinite(fit(load_generated("gaussian-spherical"), X, 2, n_init=1).log_likelihood)


def test_a_wide_table_that_is_flat_is_seen() -> None:
    X = _RNG.normal(size=(400, 150))
    X[:, 149] = X[:, 20] - X[:, 7]
    with pytest.raises(InputError, match="column '150' follows from '8', '21'"):
        fit(FULL, X, 1)


def test_halves_of_a_covariance_that_contradict_each_other() -> None:
    means = np.zeros((2, 2))
    covariances = np.array([np.eye(2), [[2.0, 5.0], [0.0, 1.0]]])
    with pytest.raises(InputError, match="'covariances' of full is not symmetric"):
        predict(FULL, _LEFT, Normal(np.array([0.5, 0.5]), means, covariances))
    covariances[1] = [[2.0, 0.123456], [0.12346, 1.0]]  # as written with five digits
    predict(FULL, _LEFT, Normal(np.array([0.5, 0.5]), means, covariances))
    covariances[1] = [[1.0, 2.0], [2.0, 1.0]]
    with pytest.raises(InputError, match="not positive definite, the first in component 1"):
        predict(FULL, _LEFT, Normal(np.array([0.5, 0.5]), means, covariances))
