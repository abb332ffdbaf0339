"""Every bad file gets its one clear line; every good one its numbers."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.errors import InputError
from derive.runtime.read import read_array, read_data


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _npy(array: Any, *, allow_pickle: bool = False) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


def _npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,b\n1,2\n3,4\n", ("a", "b")),
        ("1,2\n3,4", ("1", "2")),
        ("a;b\r\n1;2\r\n3;4\r\n", ("a", "b")),
        ("a\tb\n1\t2\n3\t4\n", ("a", "b")),
        ("1 2\n3 4\n", ("1", "2")),
        ('\ufeff"a","b"\n 1 , 2e0\n\n3.0,+4\n\n', ("a", "b")),
        ("# made by hand\na,b\n1,2\n3,4\n", ("a", "b")),
        ('"a, of b",b\n1,2\n3,4\n', ("a, of b", "b")),
        (",b\n1,2\n3,4\n", ("1", "b")),
    ],
)
def test_csv_in_its_dialects(tmp_path: Path, text: str, columns: tuple[str, ...]) -> None:
    table = read_data(_write(tmp_path, "data.csv", text))
    assert table.columns == columns
    np.testing.assert_array_equal(table.values, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3,x\n", "row 2 (line 3), column 'b': 'x' is not a number"),
        ("1,2\n3,x\n", "row 2 (line 2), column '2': 'x' is not a number"),
        ("1,x\n3,4\n", "row 1 (line 1), column '2': 'x' is not a number"),
        ("a,b\n\n1,2\n\n3,x\n", "row 2 (line 5), column 'b'"),
        ("a;b\n1;2,5\n", "write decimals with a point"),
        ("a,b\n1,1_000\n", "'1_000' is not a number"),
        ("a,b\n1," + "z" * 900 + "\n", "'" + "z" * 30 + "...'"),
        ("a,b\n1,2\n3\n", "row 2 (line 3): 1 cell, but the header has 2"),
        ("1,2\n3,4,5\n", "row 2 (line 2): 3 cells, but the first row has 2"),
        (
            "a,b\n1,nan\n-inf,4\n3,\n",
            "3 values are not finite (1 missing, 1 NaN, 1 infinite), the first in row 1 (line 2)",
        ),
        ("a,b\n1,2\n3,inf\n", "1 value is not finite (1 infinite), the first in row 2 (line 3), column 'b'"),
        ("a,b\n1,2\nNA,4\n", "1 value is not finite (1 missing), the first in row 2 (line 3), column 'a'"),
        ("a,b\n1,1e999\n", "1 infinite"),
        ("a,b\n", "a header and no rows"),
        ("\n\n", "no rows"),
        ("", "is empty"),
        ("a,b\n1,2\0\n", "NUL"),
        ('a,b\n1,"2\n' + "x" * 200_000, "not CSV"),
    ],
)
def test_bad_csv(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_data(_write(tmp_path, "data.csv", text))
    assert message in str(caught.value)
    assert "data.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "taken"),
    [
        ("b", [[2], [5]]),
        ("3,1", [[3, 1], [6, 4]]),
        ("c, a", [[3, 1], [6, 4]]),
        ('"b"', [[2], [5]]),
        (None, [[1, 2, 3]]),
    ],
)
def test_columns_by_name_and_number(tmp_path: Path, spec: str | None, taken: list[list[float]]) -> None:
    table = read_data(_write(tmp_path, "data.csv", "a,b,c\n1,2,3\n4,5,6\n"), spec)
    np.testing.assert_array_equal(table.values[: len(taken)], taken)


def test_columns_leave_text_aside(tmp_path: Path) -> None:
    path = _write(tmp_path, "iris.csv", "length,species\n5.1,setosa\n7.0,virginica\n")
    assert read_data(path, "length").values.shape == (2, 1)
    with pytest.raises(InputError, match="choose the numeric columns with --columns"):
        read_data(path)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("lenght", "did you mean 'length'"),
        ("0", "numbered 1 to 3"),
        ("4", "numbered 1 to 3"),
        ("-1", "no column '-1'"),
        ("99999999999999999999", "no column"),
        ("length,1", "twice"),
        ("", "empty part"),
        ("1,,2", "empty part"),
        ("w", "2 columns named 'w'; choose one by its number: 2 or 3"),
    ],
)
def test_bad_columns(tmp_path: Path, spec: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_data(_write(tmp_path, "data.csv", "length,w,w\n1,2,3\n"), spec)
    assert message in str(caught.value)


def test_a_name_goes_before_a_number(tmp_path: Path) -> None:
    path = _write(tmp_path, "years.csv", "x,2,1\n7,8,9\n")
    with pytest.raises(InputError, match="is not a number"):  # the first row holds numbers, so it is no header
        read_data(path)
    path = _write(tmp_path, "years.csv", "x,y\n7,8\n")
    assert read_data(path, "2").columns == ("y",)


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(3, 2), np.arange(6, dtype=np.int16).reshape(3, 2), np.arange(6.0).reshape(2, 3).T],
)
def test_npy(tmp_path: Path, array: Any) -> None:
    table = read_data(_write(tmp_path, "data.npy", _npy(array)))
    np.testing.assert_array_equal(table.values, array)
    assert table.values.dtype == np.float64
    assert table.columns == ("1", "2")


def test_a_vector_is_one_column(tmp_path: Path) -> None:
    assert read_data(_write(tmp_path, "v.npy", _npy(np.arange(3)))).values.shape == (3, 1)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((2, 2, 2)), "3 dimensions (2 x 2 x 2)"),
        (np.array(3.0), "0 dimensions"),
        (np.zeros((0, 2)), "empty: 0 rows"),
        (np.zeros((2, 0)), "0 columns"),
        (np.array([[1 + 2j]]), "complex numbers"),
        (np.array([["a"]]), "text"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "dates"),
        (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "records"),
        (np.array([[2**62, 1]]), "beyond 2**53"),
        (np.array([2**64 - 1], dtype=np.uint64), "18446744073709551615"),
        (
            np.array([[1, np.nan], [np.inf, 2]]),
            "2 values are not finite (1 NaN, 1 infinite), the first in row 1, column '2'",
        ),
    ],
)
def test_bad_npy(tmp_path: Path, array: Any, message: str) -> None:
    for name, content in (("data.npy", _npy(array)), ("data.npz", _npz(X=array))):
        with pytest.raises(InputError) as caught:
            read_data(_write(tmp_path, name, content))
        assert message in str(caught.value)


def test_pickles_are_not_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    array = np.array([Trap()], dtype=object)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("X.npy", _npy(array, allow_pickle=True))
    for name, content in (("t.npy", _npy(array, allow_pickle=True)), ("t.npz", buffer.getvalue())):
        with pytest.raises(InputError, match="pickled Python objects"):
            read_data(_write(tmp_path, name, content))
    assert not (tmp_path / "sprung").exists()


def test_damaged_files(tmp_path: Path) -> None:
    npy, npz = _npy(np.arange(40.0).reshape(20, 2)), _npz(X=np.arange(40.0).reshape(20, 2))
    for cut in (7, 12, 60, len(npy) - 3):
        with pytest.raises(InputError, match="damaged"):
            read_data(_write(tmp_path, "data.npy", npy[:cut]))
    for cut in (4, 60, len(npz) - 3):
        with pytest.raises(InputError, match="damaged"):
            read_data(_write(tmp_path, "data.npz", npz[:cut]))
    flipped = bytearray(npz)
    flipped[len(npz) // 3] ^= 0xFF
    with pytest.raises(InputError, match="damaged"):
        read_data(_write(tmp_path, "data.npz", bytes(flipped)))


def test_npz_with_one_array_with_x_and_with_several(tmp_path: Path) -> None:
    X = np.arange(4.0).reshape(2, 2)
    for content in (_npz(anything=X), _npz(X=X, y=[0, 1])):
        np.testing.assert_array_equal(read_data(_write(tmp_path, "d.npz", content)).values, X)
    with pytest.raises(InputError, match=r"several arrays \(a, b\); name one of them X"):
        read_data(_write(tmp_path, "d.npz", _npz(a=X, b=X)))
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with pytest.raises(InputError, match="without NumPy arrays"):
        read_data(_write(tmp_path, "d.npz", empty.getvalue()))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data.npy", b"a,b\n1,2\n", "not a NumPy NPY file"),
        ("data.npz", b"a,b\n1,2\n", "not a NumPy NPZ file"),
        ("data.xlsx", b"PK\x03\x04rest", "export it as CSV"),
        ("data.json", b'{"a": 1}', "'.json' is not a format"),
        ("data.csv", b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        ("data.csv", b"\x1f\x8b\x08", "a gzip file"),
        ("data.csv", b"a,b\n1,\xff\xfe2\n", "not UTF-8 text"),
        ("data.csv", b"\xff\xfea", "not UTF-8 text"),
    ],
)
def test_other_formats(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_data(_write(tmp_path, name, content))
    assert message in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    _write(tmp_path, "data.csv", "1\n")
    with pytest.raises(InputError, match=r"no such file; in its folder there is 'data\.csv'"):
        read_data(tmp_path / "data.npy")
    with pytest.raises(InputError, match="no such file"):
        read_data(tmp_path / "nowhere" / "data.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_data(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_data(tmp_path / "data.csv" / "x")
    with pytest.raises(InputError, match="cannot be read"):
        read_data(tmp_path / "a\0b.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_data(tmp_path / ("x" * 5000))


def test_known_constants_have_any_number_of_dimensions(tmp_path: Path) -> None:
    for shape in ((), (3,), (2, 3), (2, 3, 3)):
        np.save(tmp_path / "S.npy", np.ones(shape))
        assert read_array(tmp_path / "S.npy").shape == shape
