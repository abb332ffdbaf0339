"""What submitted code sees of the file system under bubblewrap: Python, NumPy, SciPy, read-only; a scratch folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy

from derive.checking.sandbox.limits import Limits

INSIDE = Path(__file__).parent / "inside"
START = "import sys; sys.path[:0] = {paths!r}; from inside.main import main; main({requests}, {answers})"
_PYTHON, _PACKAGES, _WORKER, SCRATCH = "/python", "/packages", "/worker", "/scratch"
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_INSTALLED = ("site-packages", "dist-packages")  # covered: derive itself may be installed there
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def bubblewrap() -> str | None:
    """Where the program is, None without."""
    return shutil.which("bwrap")


def version(bwrap: str) -> str:
    """Its name and version, as in "bubblewrap 0.8.0"; raises OSError where it cannot be run."""
    done = subprocess.run([bwrap, "--version"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    return done.stdout.strip() or "bubblewrap"


def options(bwrap: str) -> str:
    """What it says of its options."""
    done = subprocess.run([bwrap, "--help"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    return done.stdout + done.stderr


def command(bwrap: str, known: str, filtered: int | None, requests: int, answers: int, limits: Limits) -> list[str]:
    """The whole command line. known: its options; filtered: descriptor of the seccomp filter, None without one."""
    python, mounts, masks = _interpreter()
    nested = ["--disable-userns"] if "--disable-userns" in known else []
    names = ["--unshare-all", "--unshare-user", *nested, "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    ends = ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    environment = {"PATH": "", "HOME": SCRATCH, "TMPDIR": SCRATCH, "LANG": "C.UTF-8"} | dict.fromkeys(THREADS, "1")
    environment["LD_LIBRARY_PATH"] = f"{_PYTHON}/lib"
    parts = [bwrap, *names, *ends]
    for name, value in environment.items():
        parts += ["--setenv", name, value]
    for source, target in (*mounts, *_packages(), (INSIDE, f"{_WORKER}/inside")):
        parts += ["--ro-bind", os.fspath(source), target]
    for mask in masks:
        parts += ["--size", "4096", "--tmpfs", mask, "--remount-ro", mask]
    for device in ("/dev/null", "/dev/urandom"):
        parts += ["--dev-bind", device, device]
    parts += ["--size", str(limits.scratch), "--tmpfs", SCRATCH, "--chdir", SCRATCH, "--remount-ro", "/"]
    if filtered is not None:
        parts += ["--seccomp", str(filtered)]
    start = START.format(paths=[_WORKER, _PACKAGES], requests=requests, answers=answers)
    return [*parts, "--", python, "-I", "-S", "-B", "-c", start]


def trusted_command(requests: int, answers: int) -> list[str]:
    """The same worker with this interpreter and nothing around it."""
    start = START.format(paths=[os.fspath(INSIDE.parent)], requests=requests, answers=answers)
    return [sys.executable, "-P", "-B", "-c", start]


def _interpreter() -> tuple[str, list[tuple[Path, str]], list[str]]:
    """The interpreter's path inside, what to mount for it, and the folders of installed packages to cover."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefix = Path(sys.base_prefix)
    mounts = list(_libraries(prefix))
    library = Path(sysconfig.get_path("stdlib"))
    if prefix == Path("/usr"):
        executable = Path("/usr/bin") / name
        mounts.append((executable.resolve(), str(executable)))
        return str(executable), mounts, list(_masks({str(library): library, "/usr/lib/python3": None}))
    executable = prefix / "bin" / name
    mounts += [(executable.resolve(), f"{_PYTHON}/bin/{name}"), (prefix / "lib", f"{_PYTHON}/lib")]
    inside = f"{_PYTHON}/lib/{name}"
    masks = {inside: prefix / "lib" / name, "/usr/lib/python3": None, f"/usr/lib/{name}": None}
    return f"{_PYTHON}/bin/{name}", mounts, list(_masks(masks))


def _libraries(prefix: Path) -> Iterator[tuple[Path, str]]:
    """The C library and its loader; all of the system's libraries where these have no folder of their own."""
    own = str(sysconfig.get_config_var("MULTIARCH"))
    alone = Path("/usr/lib", own).is_dir() and prefix != Path("/usr")
    folders = (f"/usr/lib/{own}", f"/lib/{own}", "/lib64") if alone else _SYSTEM
    yield from ((Path(folder), folder) for folder in folders if Path(folder).is_dir())


def _masks(folders: dict[str, Path | None]) -> Iterator[str]:
    for inside, outside in folders.items():
        yield from (f"{inside}/{name}" for name in _INSTALLED if ((outside or Path(inside)) / name).is_dir())


def _packages() -> Iterator[tuple[Path, str]]:
    """NumPy and SciPy alone, with the libraries that their wheels bring; not the folder that they stand in."""
    for package in (np, scipy):
        folder = Path(str(package.__file__)).parent
        for part in (folder, folder.with_name(f"{folder.name}.libs")):
            if part.is_dir():
                yield part, f"{_PACKAGES}/{part.name}"
