"""M-steps of a Gaussian mixture written by hand, right and wrong, and code that misbehaves; each is submitted once."""

import os
import sys
import time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Result = tuple[Array, Array, Array]


class Estimates(NamedTuple):
    weights: Array
    means: Array
    covariances: Array


def right(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    return _estimates(X, responsibilities)


def named_tuple(X: Array, responsibilities: Array, previous: Any = None) -> Estimates:
    return Estimates(*_estimates(X, responsibilities))


def mapping(X: Array, responsibilities: Array) -> dict[str, Array]:
    weights, means, covariances = _estimates(X, responsibilities)
    return {"covariances": covariances, "means": means, "weights": weights}


def third_argument(X: Array, gamma: Array, old: Any) -> list[Array]:
    assert old is not None
    assert old.means.shape == old[1].shape
    return list(_estimates(X, gamma))


def loops(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    """As a student writes it: sums over samples, one at a time."""
    N, D = X.shape
    K = responsibilities.shape[1]
    weights, means, covariances = np.zeros(K), np.zeros((K, D)), np.zeros((K, D, D))
    for k in range(K):
        total = sum(responsibilities[n, k] for n in range(N))
        weights[k] = total / N
        for n in range(N):
            means[k] += responsibilities[n, k] * X[n] / total
        for n in range(N):
            covariances[k] += responsibilities[n, k] * np.outer(X[n] - means[k], X[n] - means[k]) / total
    return weights, means, covariances


def unbiased(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    counts = responsibilities.sum(axis=0)
    return weights, means, covariances * (counts / np.maximum(counts - 1, counts / 2))[:, None, None]


def wrong_normaliser(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means * responsibilities.sum(axis=0)[:, None] / len(X) * len(weights), covariances


def about_old_mean(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    shift = (means if previous is None else previous.means) - means
    return weights, means, covariances + shift[:, :, None] * shift[:, None, :]


def equal_weights(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return np.full_like(weights, 1 / len(weights)), means, covariances


def swapped_means(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means[::-1].copy(), covariances


def swapped_components(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights[::-1].copy(), means[::-1].copy(), covariances[::-1].copy()


def single_precision(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, covariances.astype(np.float32)


def off_by_a_millionth(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, covariances * (1 + 1e-6)


def regularised(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, covariances + 1e-6 * np.eye(X.shape[1])


def without_correlation(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, covariances * np.eye(X.shape[1])


def forgets_the_first_sample(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X[1:], responsibilities[1:])
    return weights, means, covariances


def half_a_step(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    """Raises Q from anywhere, and reaches its maximum from nowhere."""
    weights, means, covariances = _estimates(X, responsibilities)
    return (weights if previous is None else (weights + previous.weights) / 2), means, covariances


# invalid results


def weights_not_divided(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    _, means, covariances = _estimates(X, responsibilities)
    return responsibilities.sum(axis=0), means, covariances


def transposed(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means.T, covariances


def triangular(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, np.triu(covariances)


def negative(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means, -covariances


def not_a_number(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    means[0, 0] = np.nan
    return weights, means, covariances


def in_place(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    result = _estimates(X, responsibilities)
    responsibilities /= responsibilities.sum(axis=0)
    return result


def random_noise(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    weights, means, covariances = _estimates(X, responsibilities)
    return weights, means + 1e-9 * np.random.default_rng().normal(size=means.shape), covariances


def nothing(X: Array, responsibilities: Array, previous: Any = None) -> None:
    return None


def two_values(X: Array, responsibilities: Array, previous: Any = None) -> tuple[Array, Array]:
    weights, means, _ = _estimates(X, responsibilities)
    return weights, means


def texts(X: Array, responsibilities: Array, previous: Any = None) -> tuple[str, str, str]:
    return "weights", "means", "covariances"


def complex_numbers(X: Array, responsibilities: Array, previous: Any = None) -> tuple[Array, ...]:
    return tuple(value + 0j for value in _estimates(X, responsibilities))


def lacks_a_field(X: Array, responsibilities: Array, previous: Any = None) -> dict[str, Array]:
    weights, means, _ = _estimates(X, responsibilities)
    return {"weights": weights, "means": means}


def base_exception(X: Array, responsibilities: Array, previous: Any = None) -> None:
    raise BaseException("gone")  # noqa: TRY002 - the worst that can be raised


def error_without_text(X: Array, responsibilities: Array, previous: Any = None) -> None:
    class OddError(Exception):
        def __str__(self) -> str:
            raise ValueError

    raise OddError


def leaves(X: Array, responsibilities: Array, previous: Any = None) -> None:
    sys.exit(0)


def far_too_large(X: Array, responsibilities: Array, previous: Any = None) -> tuple[Array, int, int]:
    return np.ones((10**6, 10**6)), 1, 2


def large(X: Array, responsibilities: Array, previous: Any = None) -> tuple[Array, int, int]:
    return np.broadcast_to(1.0, (10**5, 10**5)), 1, 2


# what only a process of its own can contain


def endless(X: Array, responsibilities: Array, previous: Any = None) -> None:
    while True:
        time.sleep(0.01)


def gone(X: Array, responsibilities: Array, previous: Any = None) -> None:
    os._exit(0)


def writes_much(X: Array, responsibilities: Array, previous: Any = None) -> Result:
    sys.stdout.write("a" * 1_000_000)
    sys.stderr.write("b" * 1_000_000)
    os.write(1, b"c" * 1_000_000)
    assert sys.stdin.read() == ""
    return _estimates(X, responsibilities)


NOT_A_FUNCTION = 5


def _estimates(X: Array, responsibilities: Array) -> Result:
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ X / counts[:, None]
    centred = X[None] - means[:, None]
    covariances = np.einsum("nk,knd,kne->kde", responsibilities, centred, centred) / counts[:, None, None]
    return counts / len(X), means, covariances
