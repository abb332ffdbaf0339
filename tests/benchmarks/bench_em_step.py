"""Time one EM iteration of generated code beside scikit-learn's GaussianMixture.

Both start from the same parameters, in one process, in turns; the table gives medians, and the median of the ratios of
neighbouring runs. Of scikit-learn only the E-step and the M-step are timed, none of its set-up. The results of one
iteration are compared before anything is timed.

    python tests/benchmarks/bench_em_step.py
    python tests/benchmarks/bench_em_step.py --size 50000,20,5 --model gaussian-tied --repeats 21 --limit 1.5
"""

import argparse
import importlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_info

Array = NDArray[Any]

KINDS = {
    "gaussian-full": "full",
    "gaussian-tied": "tied",
    "gaussian-diagonal": "diag",
    "gaussian-spherical": "spherical",
    "gaussian-1d": "spherical",
}
DEFAULT_CASES = (
    ("gaussian-full", (100_000, 10, 10)),
    ("gaussian-full", (200_000, 2, 5)),
    ("gaussian-full", (10_000, 40, 8)),
    ("gaussian-tied", (100_000, 10, 10)),
    ("gaussian-diagonal", (100_000, 10, 10)),
    ("gaussian-spherical", (100_000, 10, 10)),
    ("gaussian-1d", (200_000, 1, 5)),
)
# These pin OpenBLAS to a kernel or a cache of another processor, so that the figures would say nothing about this one.
MISLEADING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True)
class Timing:
    """Seconds an iteration, medians; the ratio is the median over neighbouring runs."""

    generated: float
    scikit_learn: float
    ratio: float


def start(model: str, size: tuple[int, int, int], dtype: str) -> tuple[Array, Array]:
    """Overlapping clusters (N, D), and responsibilities (N, K) that EM has not converged to."""
    N, D, K = size
    rng = np.random.default_rng(20)
    label = rng.integers(K, size=N)
    X = 1.5 * rng.normal(size=(K, D))[label] + rng.normal(size=(N, D)) @ (np.eye(D) + 0.3 * rng.normal(size=(D, D)))
    responsibilities = 0.5 * np.eye(K)[label] + 0.5 * rng.dirichlet(np.ones(K), size=N)
    return (X[:, 0] if model == "gaussian-1d" else X).astype(dtype), responsibilities.astype(dtype)


def scikit_learn_step(model: str, X: Array, parameters: Any) -> Callable[[], GaussianMixture]:
    """One iteration by scikit-learn from the parameters; each call starts from them again."""
    kind = KINDS[model]
    weights, means, spread = parameters
    table = X.reshape(len(X), -1)
    mixture = GaussianMixture(n_components=len(weights), covariance_type=kind, reg_covar=0)
    by_matrix = kind in {"full", "tied"}
    precisions = np.linalg.inv(np.linalg.cholesky(spread)).mT if by_matrix else 1 / np.sqrt(spread)

    def step() -> GaussianMixture:
        mixture.weights_, mixture.means_ = weights, means.reshape(len(weights), -1)
        mixture.precisions_cholesky_ = precisions
        # The public fit would add its set-up.
        _, log_responsibilities = mixture._e_step(table)
        mixture._m_step(table, log_responsibilities)
        return mixture

    return step


def compare(model: str, size: tuple[int, int, int], dtype: str, repeats: int) -> Timing:
    """Time both in turns. Raises SystemExit where they do not compute the same."""
    code = importlib.import_module("derive.generated." + model.replace("-", "_"))
    X, responsibilities = start(model, size, dtype)
    parameters = code.m_step(X, responsibilities)
    theirs = scikit_learn_step(model, X, parameters)

    found, mixture = code.em_step(X, parameters)[0], theirs()
    expected = (mixture.weights_, mixture.means_, mixture.covariances_)
    tolerance = 1e-8 if dtype == "float64" else 1e-2
    for one, other in zip(found, expected, strict=True):
        if not np.allclose(one, np.reshape(other, one.shape), rtol=tolerance, atol=tolerance * np.abs(other).max()):
            raise SystemExit(f"{model} {size}: the two disagree after one iteration; timing them would say nothing")

    def seconds(step: Callable[[], Any]) -> float:
        begin = time.perf_counter()
        step()
        return time.perf_counter() - begin

    pairs = [(seconds(lambda: code.em_step(X, parameters)), seconds(theirs)) for _ in range(repeats)]
    ours, others = zip(*pairs, strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    return Timing(statistics.median(ours), statistics.median(others), ratio)


def unset_misleading() -> None:
    """Start this script again where the environment forces a BLAS kernel or a cache size, read on loading."""
    if any(name in os.environ for name in MISLEADING):
        clean = {name: value for name, value in os.environ.items() if name not in MISLEADING}
        os.execve(sys.executable, [sys.executable, *sys.argv], clean)  # noqa: S606 - itself, with its own arguments


def parse_size(text: str) -> tuple[int, int, int]:
    """N,D,K as three positive whole numbers."""
    try:
        N, D, K = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form N,D,K, for instance 100000,10,10") from None
    if min(N, D, K) < 1 or K > N:
        raise argparse.ArgumentTypeError(f"{text!r}: N, D and K are positive, and K is at most N")
    return N, D, K


def main() -> int:
    """Print the table; 1 where a ratio exceeds --limit."""
    unset_misleading()
    parser = argparse.ArgumentParser(description="One EM iteration: generated code beside scikit-learn.")
    parser.add_argument("--size", action="append", type=parse_size, metavar="N,D,K", help="may be given several times")
    parser.add_argument("--model", action="append", choices=sorted(KINDS), help="may be given several times")
    parser.add_argument("--repeats", type=int, default=11, help="runs of each, in turns (default 11)")
    parser.add_argument("--dtype", choices=("float64", "float32"), default="float64")
    parser.add_argument("--limit", type=float, help="exit with 1 where generated code takes longer than this ratio")
    options = parser.parse_args()

    for library in threadpool_info():
        if library["user_api"] == "blas":
            kernel = library.get("architecture", "unknown kernel")
            print(f"{library['internal_api']} {library['version']}, {kernel}, {library['num_threads']} threads")

    sizes, models = options.size, options.model
    cases = [(model, size) for model, size in DEFAULT_CASES if (models is None or model in models)]
    if sizes is not None:
        cases = [(model, size) for size in sizes for model in models or ["gaussian-full"]]
    print(f"\n{'model':<20}{'N':>9}{'D':>5}{'K':>5}{'generated':>13}{'scikit-learn':>15}{'ratio':>8}")
    slow = False
    for model, (N, D, K) in cases:
        size = (N, 1 if model == "gaussian-1d" else D, K)
        timing = compare(model, size, options.dtype, options.repeats)
        slow = slow or (options.limit is not None and timing.ratio > options.limit)
        left, right = f"{1e3 * timing.generated:.1f} ms", f"{1e3 * timing.scikit_learn:.1f} ms"
        print(f"{model:<20}{N:>9}{size[1]:>5}{K:>5}{left:>13}{right:>15}{timing.ratio:>8.2f}", flush=True)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
