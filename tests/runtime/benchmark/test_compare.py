"""Programs are compared before they are timed: what differs, fails or is missing is marked and not ranked."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from derive.errors import InputError
from derive.runtime.benchmark.clock import interleaved, peak_memory
from derive.runtime.benchmark.compare import Case, Row, compare
from derive.runtime.benchmark.draw import drawn
from derive.runtime.benchmark.gaussians import Gaussians, as_gaussians
from derive.runtime.benchmark.growth import growth, slope
from derive.runtime.benchmark.machine import machine
from derive.runtime.benchmark.peers import PEERS, Peer, chosen
from derive.runtime.benchmark.program import KERNEL, MODULE, Program, Run
from derive.runtime.benchmark.rates import Rates
from derive.runtime.load import load_generated

RATES = Rates(1e9, 1e-9, 1e9)
FULL = frozenset({"full"})


def peer(run: Callable[[Gaussians], Run], structures: frozenset[str] = FULL) -> Peer:
    return Peer("other", "json", "other", structures, run, by_numpy=True)


def case_with(run: Callable[[Gaussians], Run], structures: frozenset[str] = FULL) -> Case:
    return compare(drawn(load_generated("gaussian-full"), (211, 3, 2)), [peer(run, structures)], RATES, 1)


def row_with(run: Callable[[Gaussians], Run], structures: frozenset[str] = FULL) -> Row:
    return case_with(run, structures).rows[-1]


def by_module(error: float) -> Callable[[Gaussians], Run]:
    """A peer that computes by the module's functions, with an error in the means."""
    module: Any = load_generated("gaussian-full")

    def make(problem: Gaussians) -> Run:
        def run(iterations: int, threads: int) -> tuple[Any, ...]:
            parameters = module.Parameters(problem.weights, problem.means, problem.covariances)
            for _ in range(iterations):
                parameters = module.em_step(problem.X, parameters)[0]
            return (parameters.weights, parameters.means + error, parameters.covariances)

        return run

    return make


def test_what_agrees_is_timed() -> None:
    case = case_with(by_module(0))
    assert [row.program for row in case.rows] == [KERNEL, MODULE, "other"]
    assert all(row.agrees and row.note == "" for row in case.rows)
    assert all(row.cpu is not None for row in case.rows[:2])  # by differences, noise may leave the third without
    assert (case.samples, case.columns, case.components, case.features) == (211, 3, 2, 10)
    assert case.limit == pytest.approx(4 * 211 * 10 * 2 / 1e9 + 211 * 2 * 1e-9)


def test_what_differs_is_marked_and_not_timed() -> None:
    row = row_with(by_module(1e-3))
    assert (row.cpu, row.wall, row.agrees) == (None, None, False)
    assert row.note == "another result after one iteration"
    assert row.difference is not None
    assert row.difference > 1e-5


def test_what_fails_is_marked() -> None:
    def broken(problem: Gaussians) -> Run:
        raise ImportError("a library\nis missing")

    def failing(problem: Gaussians) -> Run:
        def run(iterations: int, threads: int) -> tuple[Any, ...]:
            raise RuntimeError("no convergence")

        return run

    assert row_with(broken).note == "failed (ImportError: a library is missing)"
    row = row_with(failing)
    assert (row.note, row.cpu, row.agrees) == ("failed (RuntimeError: no convergence)", None, False)


def test_what_fails_later_is_marked_and_the_others_are_timed() -> None:
    good = by_module(0)

    def late(problem: Gaussians) -> Run:
        run = good(problem)

        def tiring(iterations: int, threads: int) -> tuple[Any, ...]:
            if iterations > 1:
                raise ValueError("a covariance is singular")
            return run(iterations, threads)

        return tiring

    case = case_with(late)
    assert all(row.cpu is not None for row in case.rows[:2])
    assert (case.rows[-1].cpu, case.rows[-1].note) == (None, "failed (ValueError: a covariance is singular)")


def test_fits_that_might_converge_are_kept_short() -> None:
    most = 0

    def run(iterations: int, threads: int) -> tuple[Any, ...]:
        nonlocal most
        most = max(most, iterations)
        return ()

    interleaved([Program("other", run, has_setup=True)], 1, 2)
    assert 3 < most <= 21


def test_a_structure_that_a_peer_lacks_is_said() -> None:
    assert row_with(by_module(0), frozenset({"tied"})).note == "does not have this model"


def test_models_without_a_peer_are_timed_by_themselves() -> None:
    case = compare(drawn(load_generated("poisson"), (150, 1, 3)), [peer(by_module(0))], RATES, 1)
    assert [row.agrees for row in case.rows] == [True, True, False]
    assert case.rows[-1].note == "does not have this model"


def test_a_model_without_features_has_no_limit() -> None:
    case = compare(drawn(load_generated("student-t"), (150, 3, 2)), (), RATES, 1)
    assert (case.features, case.limit) == (None, None)


@pytest.mark.parametrize("name", ["full", "tied", "diagonal", "spherical", "1d"])
def test_scikit_learn_computes_the_same(name: str) -> None:
    pytest.importorskip("sklearn")
    problem = drawn(load_generated(f"gaussian-{name}"), (173, 1 if name == "1d" else 4, 3))
    gaussians = as_gaussians(problem)
    assert gaussians is not None
    run = PEERS[0].run(gaussians)
    parameters = problem.parameters
    for iterations in (1, 2, 3):
        parameters = problem.module.em_step(problem.X, parameters)[0]
        for one, other in zip(run(iterations, 1), parameters, strict=True):
            np.testing.assert_allclose(np.reshape(one, other.shape), other, rtol=1e-9)


def test_a_set_up_is_not_counted() -> None:
    now = 0.0

    def run(iterations: int, threads: int) -> tuple[Any, ...]:
        nonlocal now
        now += 100 + 0.25 * iterations
        return ()

    (timing,) = interleaved([Program("other", run, has_setup=True)], 1, 3, clock=lambda: now)
    assert timing.seconds == pytest.approx(0.25)
    (timing,) = interleaved([Program("other", run)], 1, 3, clock=lambda: now)
    assert timing.seconds == pytest.approx(100.25)


def test_programs_run_in_turns_and_medians_count() -> None:
    now, turns = 0.0, []
    costs = {"a": iter([1, 1, 9, 2]), "b": iter([1, 5, 3, 4])}

    def program(name: str) -> Program:
        def run(iterations: int, threads: int) -> tuple[Any, ...]:
            nonlocal now
            turns.append(name)
            now += next(costs[name])
            return ()

        return Program(name, run)

    first, second = interleaved([program("a"), program("b")], 1, 3, clock=lambda: now)
    assert turns == ["a", "b"] * 4
    assert (first.seconds, second.seconds) == (2, 4)
    assert second.spread == pytest.approx(1)


def test_memory_is_the_peak_and_unknown_for_other_languages() -> None:
    def run(iterations: int, threads: int) -> tuple[Any, ...]:
        np.ones(2_000_000).sum()
        return (np.ones(10),)

    peak = peak_memory(Program("other", run))
    assert peak is not None
    assert 16_000_000 <= peak < 17_000_000
    assert peak_memory(Program("other", run, by_numpy=False)) is None


def test_peers_are_chosen_by_name() -> None:
    missing = Peer("missing", "no_such_package_at_all", "missing-dist", FULL, by_module(0), by_numpy=True)
    here = peer(by_module(0))
    assert chosen(None, (missing, here)) == (here,)
    assert chosen("none", (missing, here)) == ()
    assert chosen("other, other", (missing, here)) == (here,)
    with pytest.raises(InputError, match="missing is not installed: pip install missing-dist"):
        chosen("missing", (missing, here))
    with pytest.raises(InputError, match="there is no 'sklearn'; there is: missing, other, or none"):
        chosen("sklearn", (missing, here))


def test_slopes_are_powers() -> None:
    assert slope([1, 2, 4, 8], [3, 12, 48, 192]) == pytest.approx(2)
    assert slope([10, 100], [5, 5]) == pytest.approx(0, abs=1e-12)


def test_growth_goes_along_each_axis_that_the_model_has() -> None:
    found = growth(load_generated("poisson"), (40, 1, 2), 1)
    assert [(one.axis, one.sizes) for one in found] == [("N", (40, 80, 160, 320)), ("K", (2, 4, 8, 16))]
    vectors = SimpleNamespace(**vars(load_generated("gaussian-diagonal")))
    assert [one.axis for one in growth(vectors, (60, 2, 2), 1)] == ["N", "D", "K"]


def test_a_forced_processor_is_said() -> None:
    assert machine({}).warning == ""
    warning = machine({"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_L2_SIZE": "1"}).warning
    assert warning.startswith("OPENBLAS_CORETYPE=Prescott and OPENBLAS_L2_SIZE=1 are set")
    assert "say nothing about this machine" in warning
