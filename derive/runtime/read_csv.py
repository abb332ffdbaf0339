"""CSV text to a DataSet: delimiter and header found from the text, every cell that is no number named by its place."""

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from derive.errors import InputError
from derive.runtime.columns import choose, find
from derive.runtime.dataset import DataSet, check_finite, column_labels

_SHEET_ERRORS = frozenset({"#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!"})  # of Excel
_MISSING = frozenset({"", "na", "n/a", "null", "none", "?", "-", "."}) | _SHEET_ERRORS
_FIRST_CELL = re.compile(r"[^\t;,\s]*")
_QUOTED = re.compile(r'"[^"]*"')
_SHOWN = 30  # characters of a cell or a name that a message repeats


@dataclass(frozen=True)
class _Row:
    line: int
    cells: list[str]


def parse_csv(text: str, source: str, columns: str | None, without: Sequence[str] = ()) -> DataSet:
    """The chosen columns of CSV text as numbers. columns, without: see `choose`.

    The first row is a header if none of its cells is a number. Blank lines and lines that begin with # are skipped.
    Raises InputError for ragged rows, text in a chosen column, missing values, NaN, infinity, and no rows at all.
    """
    rows = _rows(text, source)
    if not rows:
        raise InputError(f"{source} holds no rows")
    header = _header(rows[0])
    body = rows[1:] if header else rows
    width = len(rows[0].cells)
    _check_width(body, width, source, has_header=header is not None)
    if not body:
        raise InputError(f"{source} holds a header and no rows of numbers")
    labels = column_labels(header, width)
    chosen = choose(columns, header, width, source, without)
    values = np.empty((len(body), len(chosen)))
    missing = 0
    for i, row in enumerate(body):
        for j, column in enumerate(chosen):
            cell = row.cells[column].strip()
            if cell.lower() in _MISSING:
                missing += 1
                values[i, j] = math.nan
            else:
                number = _number(cell)
                if number is None:
                    known = {"narrowed": columns is not None, "has_header": header is not None}
                    raise InputError(_not_a_number(source, i, row, labels[column], cell, **known))
                values[i, j] = number
    names = tuple(labels[column] for column in chosen)
    check_finite(values, names, source, missing=missing, lines=[row.line for row in body])
    return DataSet(values, names, source)


def parse_column(text: str, source: str, column: str) -> list[str]:
    """The cells of one column of CSV text, by name or number from 1; empty where they are missing."""
    rows = _rows(text, source)
    if not rows:
        raise InputError(f"{source} holds no rows")
    header = _header(rows[0])
    body = rows[1:] if header else rows
    _check_width(body, len(rows[0].cells), source, has_header=header is not None)
    j = find(column, header, len(rows[0].cells), source)
    return [_told(row.cells[j]) for row in body]


def parse_list(text: str, source: str, length: int) -> list[str]:
    """The cells of CSV text with one column, empty where they are missing; a name above them is left out.

    length: how many there should be. It tells whether the first row is a name. Raises InputError for another number.
    """
    rows = _rows(text, source)
    wide = next((row for row in rows if len(row.cells) != 1), None)
    if wide is not None:
        raise InputError(f"{source}, line {wide.line}: {_cells(len(wide.cells))}; one in each row is needed")
    named = len(rows) == length + 1 and _header(rows[0]) is not None
    cells = [_told(row.cells[0]) for row in rows[named:]]
    if len(cells) != length:
        raise InputError(f"{source} has {len(cells)} rows for {length} rows of data; write NA where nothing is known")
    return cells


def _told(cell: str) -> str:
    stripped = cell.strip()
    return "" if stripped.lower() in {"nan", *_MISSING} else stripped


def _rows(text: str, source: str) -> list[_Row]:
    lines = list(io.StringIO(text, newline=""))  # ends at \n, \r or both, and at nothing else
    told = [line for line in lines if line.strip() and not _is_comment(line)]
    if not told:
        return []
    delimiter = next((mark for mark in "\t;," if mark in _QUOTED.sub("", told[0])), None)
    last = told[-1].split()
    if delimiter is None and len(last) > 1 and all(_number(cell) is not None for cell in last):
        return [_Row(i + 1, line.split()) for i, line in enumerate(lines) if line.strip() and not _is_comment(line)]
    return list(_records(lines, delimiter or ",", source))


def _records(lines: Sequence[str], delimiter: str, source: str) -> Iterator[_Row]:
    """The rows of CSV; comments are left out where a row could begin, so that they need not be CSV."""
    between = True

    def told() -> Iterator[str]:
        nonlocal between
        for line in lines:
            skipped = between and _is_comment(line)
            between = between and skipped
            yield "\n" if skipped else line

    reader = csv.reader(told(), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            between = True
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                yield _Row(reader.line_num, cells)
    except csv.Error as error:
        raise InputError(f"{source}, line {reader.line_num}: not CSV ({error}); is a quote missing?") from None


def _is_comment(line: str) -> bool:
    """Whether a line begins with #, which is not how a spreadsheet's error in its first cell begins."""
    begin = line.lstrip()
    first = _FIRST_CELL.match(begin)
    return begin.startswith("#") and not (first and first.group().lower() in _SHEET_ERRORS)


def _header(row: _Row) -> list[str] | None:
    cells = [cell.strip() for cell in row.cells]
    if any(_number(cell) is not None for cell in cells) or all(cell.lower() in _MISSING for cell in cells):
        return None
    return [cell or str(j + 1) for j, cell in enumerate(cells)]


def _check_width(body: Sequence[_Row], width: int, source: str, *, has_header: bool) -> None:
    for i, row in enumerate(body):
        if len(row.cells) != width:
            reference = "the header" if has_header else "the first row"
            raise InputError(
                f"{source}, row {i + 1} (line {row.line}): {_cells(len(row.cells))}, but {reference} has {width}"
            )


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _number(cell: str) -> float | None:
    """The number that a cell spells; Python's underscores are no part of CSV."""
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _not_a_number(
    source: str, index: int, row: _Row, label: str, cell: str, *, narrowed: bool, has_header: bool
) -> str:
    shown = cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "..."
    if _number(cell.replace(",", ".")) is not None:
        hint = "write decimals with a point, and thousands without a mark"
    elif index == 0 and row.line == 1 and not has_header:
        hint = "correct it; a line of names is one only if none of them is a number"
    elif narrowed:
        hint = "correct it, or choose other columns with --columns"
    else:
        hint = "correct it, or choose the numeric columns with --columns"
    return f"{source}, row {index + 1} (line {row.line}), column {label!r}: {shown!r} is not a number; {hint}"
