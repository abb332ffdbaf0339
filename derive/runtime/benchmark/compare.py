"""One case: all programs from one start, their agreement, their times, and the limit."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.runtime.benchmark.agreement import TOLERANCE, difference
from derive.runtime.benchmark.clock import Timing, interleaved, peak_memory
from derive.runtime.benchmark.gaussians import as_gaussians
from derive.runtime.benchmark.peers import Peer
from derive.runtime.benchmark.problem import Problem
from derive.runtime.benchmark.program import Program, kernel_program, limited, module_program
from derive.runtime.benchmark.rates import Rates
from derive.runtime.kernel.threads import available


@dataclass(frozen=True)
class Row:
    """One program. Seconds of an iteration: cpu on one core, wall on all; None where it was not timed.

    spread: of the cpu seconds, distance of the quartiles. memory: bytes beyond the data. difference: of its parameters
    after one iteration from those of the generated module, relative; what does not agree is not ranked.
    """

    program: str
    cpu: float | None = None
    spread: float | None = None
    wall: float | None = None
    memory: int | None = None
    difference: float | None = None
    note: str = ""

    @property
    def agrees(self) -> bool:
        """Whether it computed the same as the generated module."""
        return self.difference is not None and self.difference <= TOLERANCE


@dataclass(frozen=True)
class Case:
    """The rows of one problem. limit: least seconds on one core, None for a model without features."""

    model: str
    samples: int
    columns: int
    components: int
    source: str
    features: int | None
    limit: float | None
    repeats: int
    rows: tuple[Row, ...]


def programs_of(problem: Problem, peers: Sequence[Peer]) -> list[tuple[Program | None, str, str]]:
    """This package's programs and the peers': program, name, and why there is none where a peer cannot be used."""
    found: list[tuple[Program | None, str, str]] = [
        (program, program.name, "") for program in (kernel_program(problem), module_program(problem))
    ]
    gaussians = as_gaussians(problem) if peers else None
    for peer in peers:
        if gaussians is None or gaussians.structure not in peer.structures:
            found.append((None, peer.name, "does not have this model"))
            continue
        try:
            program = Program(peer.name, peer.run(gaussians), has_setup=True, by_numpy=peer.by_numpy)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong when a peer is imported concerns its row only
            found.append((None, peer.name, _failure(error)))
        else:
            found.append((program, peer.name, ""))
    return found


def compare(problem: Problem, peers: Sequence[Peer], rates: Rates, repeats: int) -> Case:
    """Run, check and time all programs on a problem."""
    candidates = programs_of(problem, peers)
    with limited(1):
        expected = module_program(problem).run(1, 1)
    rows: list[Row] = []
    agreeing: list[tuple[int, Program]] = []
    for place, (program, name, reason) in enumerate(candidates):
        row = Row(name, note=reason) if program is None else _checked(program, expected)
        rows.append(row)
        if program is not None and row.agrees:
            agreeing.append((place, program))
    timed = [program for _, program in agreeing]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        single = interleaved(timed, 1, repeats)
        several: Sequence[Timing | None] = [None] * len(timed)
        if available() > 1:
            several = interleaved(timed, available(), repeats)
    for (place, _), one, all_ in zip(agreeing, single, several, strict=True):
        rows[place] = _timed(rows[place], one, all_)
    (N, D, K), F = problem.size, problem.features
    limit = None if F is None else rates.limit(size=problem.X.nbytes, samples=N, components=K, features=F)
    return Case(problem.module.MODEL, N, D, K, problem.source, F, limit, repeats, tuple(rows))


def _checked(program: Program, expected: Sequence[object]) -> Row:
    """The program's row after a first run: memory and agreement."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            memory = peak_memory(program)
            with limited(1):
                found = program.run(1, 1)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a peer concerns its row only
        return Row(program.name, note=_failure(error))
    away = difference(found, expected)  # type: ignore[arg-type]
    note = "" if away <= TOLERANCE else "another result after one iteration"
    return Row(program.name, memory=memory, difference=away, note=note)


def _timed(row: Row, single: Timing, several: Timing | None) -> Row:
    """The program's row after it was timed on one core, and on all if there are more."""
    failure = single.failure or (several.failure if several else None)
    if failure is not None:
        return replace(row, note=_failure(failure))
    wall = _positive(several.seconds) if several else None
    return replace(row, cpu=_positive(single.seconds), spread=single.spread, wall=wall)


def _positive(seconds: float) -> float | None:
    """Seconds, or None where noise made a difference of times negative."""
    return seconds if seconds > 0 else None


def _failure(error: Exception) -> str:
    return " ".join(f"failed ({type(error).__name__}: {error})".split())
