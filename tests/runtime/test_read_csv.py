"""CSV that is nearly right: no row and no cell is ever dropped or changed in silence."""

import csv
import io
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import InputError
from derive.runtime.read_csv import parse_csv

_FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    "text",
    [
        '# said "he, and "she\na,b\n1,2\n3,4\n',
        '# a, "quote\n1,2\n# another, "one\n3,4\n  # indented, "too\n',
        '"a;x",b\n1,2\n3,4\n',
        '"a\tx",b\n1,2\n3,4\n',
        '"a\nx",b\n1,2\n3,4\n',
        '"a\n# x",b\n1,2\n3,4\n',
        "a,b\r1,2\r3,4\r",
        "a,b\n1,2\n\n   \n3,4\n",
        "# a b\n1   2\n  3 4  \n",
        "a,b\n1,2\x0c\n3,4\n",
    ],
)
def test_rows_arrive_whole(text: str) -> None:
    np.testing.assert_array_equal(parse_csv(text, "f", None).values, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n#N/A,2\n3,4\n", "1 value is not finite (1 missing), the first in row 1 (line 2), column 'a'"),
        ("a,b\n3,4\n#DIV/0!,#REF!\n", "2 values are not finite (2 missing), the first in row 2 (line 3)"),
        ('a,b\n"#1",2\n3,4\n', "column 'a': '#1' is not a number"),
        ('a,b\n"1\n2",2\n3,4\n', "row 1 (line 3), column 'a': '1\\n2' is not a number"),
        ('a,b\n"1"2,2\n3,4\n', "line 2: not CSV"),
        ('a,b\n"1,2\n3,4\n', "not CSV (unexpected end of data); is a quote missing?"),
        ("a,b\n1\u20282,2\n3,4\n", "row 1 (line 2), column 'a'"),
        ("a,b\n1\x0b2,2\n3,4\n", "row 1 (line 2), column 'a'"),
        ("a,b\n1_000,2\n3,4\n", "'1_000' is not a number"),
        ('a,b\n"1,000",2\n3,4\n', "thousands without a mark"),
        ("a;b\n1,5;2,5\n3,5;4,5\n", "write decimals with a point"),
        ("a,2020\n1,2\n3,4\n", "a line of names is one only if none of them is a number"),
        ("a,b,\n1,2,\n3,4,\n", "leave the column out with --columns"),
        ("1e400,2\n", "1 infinite"),
        ("9" * 5000 + ",2\n", "1 infinite"),
    ],
)
def test_what_is_not_quite_a_number_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_csv(text, "f", None)
    assert message in str(refusal.value)


@given(
    rows=st.lists(st.tuples(_FLOATS, _FLOATS), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    header=st.booleans(),
)
def test_every_number_comes_back(
    rows: list[tuple[float, float]], delimiter: str, ending: str, quoting: Literal[0, 1], header: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows([["a", "b"], *rows] if header else rows)
    np.testing.assert_array_equal(parse_csv(out.getvalue(), "f", None).values, rows)
