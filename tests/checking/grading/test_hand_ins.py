"""Who handed in what: every entry of the folder is somebody's, and no two share the names of their files."""

from pathlib import Path

from derive.checking.grading.hand_ins import find_students


def test_names_that_are_safe_stay_as_they_are(tmp_path: Path) -> None:
    for name in ("a b", "a_b", "a-b", "A_B"):
        (tmp_path / f"{name}.md").write_text("$x$")
    slugs = {student.name: student.slug for student in find_students(tmp_path)}
    assert slugs["a_b"] in ("a_b", "a_b-2")
    assert {slugs["A_B"], slugs["a_b"]} & {"A_B", "a_b"}
    assert slugs["a-b"] == "a-b"
    assert slugs["a b"].startswith("a_b-")
    assert len({slug.lower() for slug in slugs.values()}) == 4
    assert [student.name for student in find_students(tmp_path)] == sorted(slugs)


def test_nothing_vanishes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "a.md").write_text("$x$")
    (tmp_path / "linked").symlink_to(tmp_path / "ada")
    found = {student.name: [file.problem for file in student.files] for student in find_students(tmp_path)}
    assert found["ada"] == [""]
    assert "holds no file" in found["empty"][0]
    assert "link" in found["linked"][0]
