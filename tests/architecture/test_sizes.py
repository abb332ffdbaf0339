"""Files stay short enough to be read in one go."""

from pathlib import Path
from statistics import median

from tests.architecture import tree

MOST_LINES = 300
MOST_GENERATED_LINES = 420  # a generated module stands alone: it carries the helpers that others would share
MEDIAN_LINES = 150
TEMPLATE_LINES = 40


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def longer_than(most: int, files: list[Path]) -> dict[str, int]:
    return {tree.relative(path): lines(path) for path in files if lines(path) > most}


def test_no_file_is_too_long() -> None:
    assert longer_than(MOST_LINES, tree.python_files(tree.DERIVE, tree.TEMPLATES, tree.TESTS)) == {}
    assert longer_than(MOST_GENERATED_LINES, tree.python_files(tree.GENERATED)) == {}


def test_the_median_file_is_short() -> None:
    assert median(map(lines, tree.python_files(tree.DERIVE))) < MEDIAN_LINES


def test_templates_hold_layout_only() -> None:
    files = sorted(tree.TEMPLATES.rglob("*.jinja"))
    assert files
    assert longer_than(TEMPLATE_LINES, files) == {}


def test_a_long_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * (MOST_LINES + 1), encoding="utf-8")
    assert lines(path) > MOST_LINES
