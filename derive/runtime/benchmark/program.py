"""A program that is timed: so many iterations of EM from the start that all programs share."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from derive.runtime.benchmark.problem import Problem
from derive.runtime.kernel import Kernel

Array = NDArray[Any]
Run = Callable[[int, int], tuple[Array, ...]]
"""Called with numbers of iterations and of threads; returns the parameters after these iterations."""
KERNEL = "derive"
MODULE = "module's em_step"


@dataclass(frozen=True)
class Program:
    """has_setup: a run does more than its iterations, which differences of two counts of iterations remove.

    by_numpy: its arrays are NumPy's, so that their memory is seen.
    """

    name: str
    run: Run
    has_setup: bool = False
    by_numpy: bool = True


def kernel_program(problem: Problem) -> Program:
    """The kernel of this package, with buffers kept from one run to the next."""
    kernels: dict[int, Kernel] = {}

    def run(iterations: int, threads: int) -> tuple[Array, ...]:
        kernel = kernels.setdefault(threads, Kernel(problem.module, threads=threads))
        kernel.hold(problem.X)  # as a fit does, which sums once what no parameter enters
        parameters = problem.parameters
        for _ in range(iterations):
            parameters, _ = kernel.em_step(problem.X, parameters, knowns=problem.knowns)
        return tuple(parameters)

    return Program(KERNEL, run, has_setup=hasattr(problem.module, "shared_statistics"))


def module_program(problem: Problem) -> Program:
    """The generated module's own, readable em_step."""

    def run(iterations: int, threads: int) -> tuple[Array, ...]:
        del threads  # those of the linear algebra library, which are limited for all programs
        parameters = problem.parameters
        for _ in range(iterations):
            parameters, _ = problem.module.em_step(problem.X, parameters, **problem.knowns)
        return tuple(parameters)

    return Program(MODULE, run)


def limited(threads: int) -> AbstractContextManager[object]:
    """Hold all libraries that are loaded to so many threads."""
    limits: AbstractContextManager[object] = threadpool_limits(limits=threads)
    return limits
