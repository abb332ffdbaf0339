"""Options that several commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ModelArgument = Annotated[
    str, typer.Argument(metavar="MODEL", help="A name that `derive models` lists, or file.py or file.py:NAME.")
]
DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="Numbers: CSV, NPY, NPZ, Parquet or Zarr.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")]
Columns = Annotated[
    str | None,
    typer.Option(metavar="LIST", help="Columns to use: names or numbers from 1, separated by commas; all by default."),
]
Known = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=COLUMN|FILE",
        help="A known constant of the model: for numbers of the rows a column of DATA (for vectors several, as in "
        "x=a,b), else a CSV or NPY file, or the number itself; may be repeated.",
    ),
]


class Report(StrEnum):
    """How a result is printed."""

    terminal = "terminal"
    json = "json"


class Mode(StrEnum):
    """How EM takes posteriors."""

    soft = "soft"
    hard = "hard"
    annealed = "annealed"


Labels = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN|FILE",
        help="Known labels of rows: components from 0, or names in alphabetical order; empty or -1 where unknown.",
    ),
]
Groups = Annotated[
    str | None,
    typer.Option(metavar="COLUMN|FILE", help="Rows with equal entries share one unknown label, which counts once."),
]
BlockSize = Annotated[
    int | None, typer.Option(metavar="ROWS", help="Of --online: rows that an update sees; 1000 by default.")
]
Passes = Annotated[
    int | None, typer.Option(metavar="COUNT", help="Of --online: passes over all rows at most; 10 by default.")
]
Temperatures = Annotated[
    str | None, typer.Option(metavar="LIST", help="Of --mode annealed, in turn, the last one 1; by default 4,...,1.")
]
Tol = Annotated[
    float, typer.Option(metavar="NATS", help="Stop when an iteration raises the objective by less, in nats a row.")
]
MaxIter = Annotated[int, typer.Option(metavar="COUNT", help="Iterations of a start at most.")]
NInit = Annotated[int, typer.Option(metavar="COUNT", help="Number of starts; the best is kept.")]
InitWay = Annotated[str, typer.Option(metavar="WAY", help="How a start is found: kmeans, k-means++ or random.")]

# The defaults of derive.runtime.options, which is not imported here because NumPy would come with it; a test compares.
TOL = 1e-7
MAX_ITER = 1000
N_INIT = 5
INIT = "kmeans"
