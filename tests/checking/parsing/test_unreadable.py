"""What cannot be read: the reason, and the column."""

import pytest

from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.statements import parse_row

ROWS = [
    (r"\log_2 x", r"log with a subscript", 1),
    (r"(a, b]", r"( is closed by ]", 6),
    (r"a)b", r") is not expected here", 2),
    (r"\foo{x}", r"\foo is not known", 1),
    (r"x_{a", r"a brace { that is never closed", 3),
    (r"x + ", r"something is missing at the end", 4),
    (r"= ", r"something is missing at the end", 2),
    (r"\frac{a}", r"\frac lacks an argument", 1),
    (r"a = (b", r"( is never closed", 5),
    (r"|a", r"| is never closed", 1),
    (r"\left( a \right]", r"( is closed by ]", 16),
    (r"x_a_b", r"two subscripts", 4),
    (r"{a+b}^2", r"braces are not shown: write brackets around what has a script", 1),
    (r"_n", r"_ is not expected here", 1),
]


@pytest.mark.parametrize(("latex", "reason", "column"), ROWS)
def test_the_reason_and_the_column_are_said(latex: str, reason: str, column: int) -> None:
    with pytest.raises(ReadingError) as error:
        parse_row(latex)
    assert (str(error.value), error.value.column) == (reason, column)
