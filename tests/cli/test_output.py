"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from derive.cli.output import check_writable
from derive.errors import InputError
from derive.runtime.writing import write_bytes, write_text


def test_a_new_file_gets_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_text(tmp_path / "new", "a\r\n\N{GREEK SMALL LETTER MU}")
    finally:
        os.umask(mask)
    assert (tmp_path / "new").read_bytes() == b"a\r\n\xce\xbc"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o604)
    write_text(tmp_path / "new", "b")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o604


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"cannot write .*file: no space left on device"):
        write_bytes(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    write_text(Path(os.devnull), "x")
    assert not Path(os.devnull).is_file()


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, reason in (
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "x", "does not exist"),
        (tmp_path / "file" / "x", "is not a folder"),
    ):
        with pytest.raises(InputError, match=reason):
            write_text(path, "x")
    with pytest.raises(InputError, match="cannot write"):
        write_text(tmp_path / ("x" * 300), "x")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_permissions_are_respected(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    target.chmod(0o400)
    with pytest.raises(InputError, match="permission denied"):
        write_text(target, "new")


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "far").symlink_to(tmp_path / "none" / "x")
    for name, reason in (("loop", "loop"), ("far", "does not exist")):
        with pytest.raises(InputError, match=f"cannot write .*{reason}"):
            check_writable(tmp_path / name)


def test_what_is_read_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1")
    (tmp_path / "link").symlink_to(tmp_path / "data.csv")
    (tmp_path / "model.py").write_text("")
    inputs = (tmp_path / "data.csv", f"{tmp_path}/model.py:model", "gaussian-full", tmp_path)
    for name in ("data.csv", "link", "model.py"):
        with pytest.raises(InputError, match="read by this command"):
            check_writable(tmp_path / name, *inputs)
    check_writable(tmp_path / "gaussian-full", *inputs)


def test_a_suffix_that_names_another_format(tmp_path: Path) -> None:
    for name in ("x.png", "x.CSV", "x.npz"):
        with pytest.raises(InputError, match=r"should end in \.json"):
            check_writable(tmp_path / name, suffixes=(".json",))
    for name in ("x", "x.json", "x.JSON", "fit.v1", ".json", "x.txt"):
        check_writable(tmp_path / name, suffixes=(".json",))
    with pytest.raises(InputError, match="without -o the result is printed"):
        check_writable(Path("-"))


def test_an_open_file_by_its_name_in_dev_is_written_to(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with target.open("w") as file:
        inode = target.stat().st_ino
        write_text(Path(f"/dev/fd/{file.fileno()}"), "x")
    assert target.read_text() == "x"
    assert target.stat().st_ino == inode
    assert list(tmp_path.iterdir()) == [target]
