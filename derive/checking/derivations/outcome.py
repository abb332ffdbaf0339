"""What is said of a handed-in derivation: a verdict a row, the results that are reached, how much was read."""

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What holds of a row, given what stands before it."""

    RIGHT = "right"
    EQUATION = "right-as-equation"  # holds only because the whole is set to zero
    NOTICE = "notice"  # right, but for a remark that is harmless
    FOLLOWS = "follows"  # right, given an earlier row that is wrong
    WRONG = "wrong"
    UNCHECKED = "unchecked"  # could not be read or decided: neither right nor wrong


@dataclass(frozen=True)
class CounterExample:
    """Sizes and numbers at which the two sides of a row differ, and their values there.

    sizes: N, K, D, ... values: (symbol as the document writes it, its value in text). left, right: both sides' values;
    a vector is "(1, 2)", a matrix "[1, 2; 3, 4]". entry: which entry differs, "" for scalars.
    """

    sizes: tuple[tuple[str, int], ...]
    values: tuple[tuple[str, str], ...]
    left: str
    right: str
    entry: str = ""


@dataclass(frozen=True)
class Remark:
    """Something harmless that a reader should know. name: what kind, as in "propto-for-constant"."""

    name: str
    says: str


@dataclass(frozen=True)
class Hint:
    """What is said about a mistake, by how much is given away: where it is, why it is wrong, what would be right."""

    where: str = ""
    why: str = ""
    solution: str = ""  # LaTeX, "" if not known


@dataclass(frozen=True)
class Row:
    """One row of mathematics and what was found.

    line: 1-based line of the source at which it begins; cell: of a notebook, else None. latex: as written. relation:
    "=", "propto", "=>", ... says: one sentence. mistake: its name in the catalogue, "" if none. column: 1-based place
    in latex that could not be read, None otherwise. prose: the text that stands between the row before and this one.
    display: whether it is set on a line of its own.
    """

    line: int
    latex: str
    verdict: Verdict
    relation: str = "="
    says: str = ""
    mistake: str = ""
    counterexample: CounterExample | None = None
    remarks: tuple[Remark, ...] = ()
    hint: Hint = field(default_factory=Hint)
    column: int | None = None
    cell: int | None = None
    prose: str = ""
    display: bool = True


@dataclass(frozen=True)
class Feedback:
    """All that is said of one hand-in. results: by what code calls the parameter: "right", "wrong" or "absent".

    remarks: those on the document as a whole. after: the text behind the last row.
    """

    file: str
    model: str
    rows: tuple[Row, ...]
    results: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...] = ()
    after: str = ""

    @property
    def coverage(self) -> float:
        """The share of the mathematical rows that were checked."""
        checked = sum(row.verdict is not Verdict.UNCHECKED for row in self.rows)
        return checked / len(self.rows) if self.rows else 0.0

    @property
    def first_wrong(self) -> Row | None:
        """The first wrong row."""
        return next((row for row in self.rows if row.verdict is Verdict.WRONG), None)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.first_wrong is None and all(state != "wrong" for _, state in self.results)
