"""Model files that are hostile or clumsy: one line that names the place, nothing left behind, stdout kept clean."""

import sys
from pathlib import Path

import pytest

from derive.errors import InputError, ModelError
from derive.models.load import load_model
from tests.models.test_load import MODEL


def _file(folder: Path, text: str | bytes, name: str = "own.py") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


_BROKEN: dict[str, tuple[str | bytes, str]] = {
    # name: (the file, what the line says)
    "an exception of no usual kind": ("class E(BaseException): pass\nraise E('a\\nb')", r"own.py, line 2: E: a b$"),
    "an exit that looks well": ("import sys\nsys.exit(0)", r"own.py, line 2: SystemExit: 0$"),
    "an exception without words": ("\nraise MemoryError", r"own.py, line 2: MemoryError$"),
    "words that raise": (
        "class E(Exception):\n def __str__(self): raise ValueError\nraise E",
        r"own.py, line 3: E$",
    ),
    "another file that is missing": ("open('none-of-these')", r"own.py, line 1: FileNotFoundError: .*none-of-these"),
    "text of another file": ("b'\\xff'.decode()", r"own.py, line 1: UnicodeDecodeError"),
    "endless": ("def f(): f()\nf()", r"own.py, line 1: RecursionError"),
    "bytes": (b"x = 1\0", r"own.py: not valid Python|own.py is not a text file"),
    "nested": ("(" * 5000 + ")" * 5000, r"own.py.*: not valid Python"),
}


@pytest.mark.parametrize("name", _BROKEN)
@pytest.mark.parametrize("relative", [False, True])
def test_the_line_is_named(name: str, relative: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, words = _BROKEN[name]
    path = _file(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=words) as refusal:
        load_model("own.py" if relative else str(path))
    assert "\n" not in str(refusal.value)


def test_an_interrupt_stays_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load_model(str(_file(tmp_path, "raise KeyboardInterrupt")))


def test_what_a_file_prints_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_model(str(_file(tmp_path, f"print('hello')\n{MODEL}")))
    assert capsys.readouterr() == ("", "hello\n")


def test_a_change_within_a_second_is_seen_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = _file(tmp_path, MODEL)
    first = load_model(str(path))
    _file(tmp_path, MODEL.replace("** 2", "** 4"))  # of the same size
    assert str(load_model(str(path)).log_density) != str(first.log_density)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_may_have_dataclasses_and_neighbours(tmp_path: Path) -> None:
    lines = "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\nfrom beside_me import density\n"
    _file(tmp_path, MODEL, "beside_me.py")
    _file(tmp_path, "raise ValueError", "numpy.py")  # shadows nothing
    before = list(sys.path)
    assert load_model(str(_file(tmp_path, lines + "import numpy\n" + MODEL))).name == "own"
    assert sys.path == before
    sys.modules.pop("beside_me")


@pytest.mark.parametrize("name", ["a-b.py", "with space.py", "\N{GREEK SMALL LETTER MU}.py", "derive.py", "numpy.py"])
def test_any_name_of_a_file_will_do(name: str, tmp_path: Path) -> None:
    assert load_model(str(_file(tmp_path, MODEL, name))).name == "own"


def test_what_was_meant_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _file(tmp_path, MODEL)
    _file(tmp_path, MODEL, "own.txt")
    for spec, words in (
        ("own", "did you mean 'own.py'"),
        ("own.txt", "does not end in .py"),
        ("GAUSSIAN-FULL", "did you mean 'gaussian-full'"),
        ("own.py:", "no Mixture named ''; it has model"),
        ("x" * 300 + ".py", "cannot be read: file name too long"),
        ("x" * 5000, "unknown model"),
    ):
        with pytest.raises(InputError, match=words):
            load_model(spec)
