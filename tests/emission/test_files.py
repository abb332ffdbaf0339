"""Files: rendered under the model's name, compared both ways, written whole."""

from pathlib import Path

import pytest

from derive.emission import files
from tests.lowering import equations


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return files.render_all([equations.SCALAR, equations.TIED])


def test_names_follow_the_models(texts: dict[str, str]) -> None:
    assert sorted(texts) == ["test_scalar.py", "test_tied.py"]


def test_what_is_written_is_current(texts: dict[str, str], tmp_path: Path) -> None:
    files.write(tmp_path / "new", texts)
    (tmp_path / "new" / "__init__.py").write_text("")
    assert files.compare(tmp_path / "new", texts) == ()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["__init__.py", *sorted(texts)]


def test_differences_are_listed_by_path(texts: dict[str, str], tmp_path: Path) -> None:
    files.write(tmp_path, texts)
    (tmp_path / "test_tied.py").unlink()
    (tmp_path / "test_scalar.py").write_text(texts["test_scalar.py"] + "\n")
    (tmp_path / "other.py").write_text("")
    found = files.compare(tmp_path, texts)
    assert [(difference.path, difference.kind) for difference in found] == [
        ("other.py", "left over"),
        ("test_scalar.py", "stale"),
        ("test_tied.py", "missing"),
    ]
    assert str(found[0]) == "other.py is left over"


def test_other_line_ends_are_a_difference(texts: dict[str, str], tmp_path: Path) -> None:
    files.write(tmp_path, texts)
    (tmp_path / "test_tied.py").write_bytes(texts["test_tied.py"].replace("\n", "\r\n").encode())
    assert [difference.kind for difference in files.compare(tmp_path, texts)] == ["stale"]
