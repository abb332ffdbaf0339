"""A fit on a real cluster is the fit in one process, also where a worker is killed in the middle."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster

from derive.errors import InputError
from derive.runtime.distributed import distributed
from derive.runtime.em import fit
from derive.runtime.load import load_generated, load_source
from derive.runtime.sources import as_source
from derive.runtime.sources.walk import Walk

pytestmark = pytest.mark.filterwarnings("ignore")  # dask closes sockets when it likes
FULL = load_generated("gaussian-full")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    settings: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    start: Any = LocalCluster
    join: Any = Client
    with start(**settings) as cluster, join(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(2)
    X = np.concatenate([rng.normal(0, 1, (11_000, 3)), rng.normal([2, 3, 1], [2, 1, 1], (13_000, 3))])
    file = tmp_path_factory.mktemp("data") / "x.npy"
    np.save(file, rng.permutation(X))
    return file


def largest_difference(a: Any, b: Any) -> float:
    return max(float(np.abs(x - y).max()) for x, y in zip(a, b, strict=True))


def test_a_worker_killed_in_the_middle_changes_nothing(client: Client, path: Path) -> None:
    walk = Walk(FULL, as_source(path), 2, size=700)
    options: dict[str, Any] = {"n_init": 1, "tol": 1e-9}
    local = fit(FULL, walk, 2, **options)
    quiet = fit(FULL, distributed(client, FULL, walk, 2, partitions=5), 2, **options)
    assert local.iterations > 8
    killed: list[int] = []

    def kill(start: int, iteration: int, value: float) -> None:
        if iteration == 3:
            victim = next(iter(client.run(os.getpid).values()))
            killed.append(victim)
            threading.Timer(0.02, os.kill, (victim, signal.SIGKILL)).start()  # while the next iteration is computed

    disturbed = fit(FULL, distributed(client, FULL, walk, 2, partitions=5), 2, on_iteration=kill, **options)
    assert len(killed) == 1
    until = time.monotonic() + 30
    while killed[0] in client.run(os.getpid).values() and time.monotonic() < until:
        time.sleep(0.1)
    assert killed[0] not in client.run(os.getpid).values()
    for result in (quiet, disturbed):
        assert result.iterations == local.iterations
        assert largest_difference(result.parameters, local.parameters) < 1e-12
        assert result.log_likelihood == pytest.approx(local.log_likelihood, rel=1e-12)
    assert disturbed.history == quiet.history  # bit for bit


def test_a_module_that_is_no_file_reaches_the_workers(client: Client) -> None:
    original: Any = load_generated("linear-regression")
    text = Path(original.__file__).read_text("utf-8")
    module = load_source(text, "my-own")
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(501), rng.normal(size=501)])
    y = design @ [1.0, 3.0] + rng.choice([0.0, 9.0], 501) + rng.normal(size=501)
    knowns = {next(iter(module.KNOWNS)): design}
    expected = fit(module, y, 2, n_init=1, knowns=knowns)
    result = fit(module, distributed(client, module, y, 2, partitions=3, knowns=knowns), 2, n_init=1)
    assert result.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)
    assert largest_difference(result.parameters, expected.parameters) < 1e-9


def test_errors_of_workers_are_told_as_here(client: Client) -> None:
    X = np.zeros((300, 3))
    X[211, 1] = np.nan
    with pytest.raises(InputError, match="1 value is not finite"):
        fit(FULL, distributed(client, FULL, X, 2), 2)
    with pytest.raises(InputError, match="weibull has no sufficient statistics, so it cannot be fitted on a cluster"):
        distributed(client, load_generated("weibull"), X[:, 0], 2)
    with pytest.raises(InputError, match="cannot be shared out"):
        distributed(client, FULL, [X, X], 2)


def test_what_is_no_client() -> None:
    with pytest.raises(InputError, match="not of type NoneType"):
        distributed(None, FULL, "x.npy", 2)
