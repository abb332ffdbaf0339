"""A progress bar on stderr, only where somebody can see it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from derive.runtime.em import OnIteration


@contextmanager
def progress(n_init: int, max_iter: int) -> Iterator[OnIteration | None]:
    """A function to tell of each iteration while the bar is there; None where stderr is no terminal."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield None
        return
    columns = (
        TextColumn("start {task.fields[run]}/" + str(n_init)),
        BarColumn(),
        TextColumn("iteration {task.fields[iteration]}, {task.fields[value]} nats"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("EM", total=n_init * max_iter, run=1, iteration=0, value="...")

        def tell(start: int, iteration: int, value: float) -> None:
            done = start * max_iter + iteration
            bar.update(task, completed=done, run=start + 1, iteration=iteration, value=f"{value:,.4f}")

        yield tell
        bar.update(task, completed=n_init * max_iter)


@contextmanager
def status() -> Iterator[Callable[[str], None]]:
    """A function to tell what is being done, in a line that goes at the end; silent where there is no terminal."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield lambda _: None
        return
    with console.status("starting") as line:
        yield line.update
