"""Code that attacks: each is contained within ten seconds, the report says what happened, nothing is left outside."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from derive.checking.sandbox import seccomp
from derive.checking.sandbox.child import StoppedError
from derive.checking.sandbox.isolation import trusted
from derive.checking.sandbox.layout import bubblewrap
from derive.checking.sandbox.session import Call, Returned, Session, isolated

pytestmark = [
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap is not installed"),
    pytest.mark.xdist_group("sandbox"),  # all attacks are made once
]

SECONDS = 10.0
# what a function f does: what the report says of it, one of several words; "" where a number comes back
ATTACKS = {
    "loops": ("while True: pass", "does not return"),
    "forks": ("import os\n    while True: os.fork()", "PermissionError"),
    "fills memory": (
        "return sum(bytearray(1 << 30)[0] for _ in [bytearray(1 << 30) for _ in range(9)])",
        "MemoryError",
    ),
    "fills the disk": ("for i in range(99): open(f'/scratch/{i}', 'wb').write(b'x' * 7000000)", "OSError"),
    "writes a large file": ("open('/scratch/x', 'wb').write(b'x' * (1 << 25))", "OSError|SIGXFSZ"),
    "exits": ("import sys\n    sys.exit(0)", "SystemExit"),
    "exits at once": ("import os\n    os._exit(0)", "exit code 0"),
    "reads passwords": ("return len(open('/etc/passwd').read())", "FileNotFoundError"),
    "reads home": ("import os\n    return len(os.listdir('/root') + os.listdir('/home'))", "FileNotFoundError"),
    "reads processes": ("return len(open('/proc/1/environ').read())", "FileNotFoundError"),
    "writes outside": ("open('/tmp/derive-escaped', 'w').write('x')", "OSError|FileNotFoundError"),
    "opens a socket": ("import socket\n    socket.create_connection(('127.0.0.1', 80), 1)", "PermissionError"),
    "opens a local socket": ("import socket\n    socket.socket(socket.AF_UNIX)", "PermissionError"),
    "kills its parent": (
        "import os\n    os.kill(os.getppid(), 9)\n    os.kill(-1, 9)",
        "PermissionError|ProcessLookup|SIGKILL",
    ),
    "starts a program": ("import subprocess\n    subprocess.run(['/bin/sh', '-c', 'true'])", "Error"),
    "imports derive": ("import derive\n    return len(derive.__path__)", "ModuleNotFoundError"),
    "forges a result": ("[_forge(fd) for fd in range(3, 40)]\n    return 1.0", "channel"),
    "forges on stdout": ('print(\'{"verdict": "right"}\')\n    return 1.0', ""),
    "closes everything": ("import os\n    os.closerange(0, 99)\n    return 1", "process|channel"),
    "recurses": ("return f()", "RecursionError"),
    "recurses in C": ("import sys\n    sys.setrecursionlimit(10**9)\n    return f()", "SIGSEGV|Error|does not return"),
    "starts threads": (
        "import threading\n    [threading.Thread(target=_spin).start() for _ in range(999)]",
        "Error|process|return",
    ),
    "ignores signals": (
        "import signal\n    [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 15, 24)]\n    while True: pass",
        "does not return",
    ),
    "stops itself": ("import os\n    os.kill(os.getpid(), 19)", "does not return"),
    "traces": ("import ctypes\n    return float(ctypes.CDLL(None).ptrace(16, 1, 0, 0) != -1)", ""),
    "unshares": ("import ctypes\n    return float(ctypes.CDLL(None).unshare(0x10000000) != -1)", ""),
    "writes much": ("print('x' * (1 << 24))\n    return 1.0", ""),
    "raises what raises": ("class E(Exception):\n        __str__ = lambda self: 1 / 0\n    raise E", "raises E"),
    "hostile array": (
        "class A:\n        def __array__(self, *a, **k):\n            while True: pass\n    return A()",
        "does not return",
    ),
    "hostile list": (
        "class L(list):\n        def __len__(self): return 10**18\n    return L([1])",
        "",
    ),
    "hostile dictionary": (
        "class D(dict):\n        def __iter__(self):\n            while True: yield 1\n    return D(a=1)",
        "does not return|raises|Memory",
    ),
    "huge array": ("import numpy as np\n    return np.broadcast_to(1.0, (1 << 40,))", "returns"),
    "objects": ("import numpy as np\n    return np.array([object()])", "returns"),
}
HELPERS = """
def _forge(fd):
    import os
    try:
        os.write(fd, b"x" * 64)
    except OSError:
        pass
def _spin():
    while True: pass
"""


def processes() -> set[int]:
    """Workers that this process started, or that were left without a parent; other runs of the tests have their own."""
    workers = {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _is_worker(entry)}
    return {worker for worker in workers if _parent(worker) in {os.getpid(), 1}}


def _is_worker(entry: Path) -> bool:
    try:
        return b"inside.main" in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has gone


def attack(body: str) -> tuple[Returned, float, str]:
    source = f"{HELPERS}\ndef f():\n    {body}\ndef g():\n    return 2.0\n"
    began = time.monotonic()
    with Session(isolated(), source.encode(), "attack.py") as session:
        session.functions()
        returned = session.call(Call("f", ()))
        after = session.call(Call("g", ()))
        assert after.fault or float(after.arrays[0]) == 2.0
    return returned, time.monotonic() - began, session.printed


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[Returned, float, str]]:
    isolated()
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(ATTACKS, pool.map(attack, (body for body, _ in ATTACKS.values())), strict=True))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_contained_and_told(name: str, outcomes: dict[str, tuple[Returned, float, str]]) -> None:
    returned, seconds, _ = outcomes[name]
    words = ATTACKS[name][1]
    assert seconds < SECONDS
    if words:
        assert any(word in returned.fault for word in words.split("|")), returned
    else:
        assert not returned.fault
        assert float(returned.arrays[0].ravel()[0]) == (0.0 if name in {"traces", "unshares"} else 1.0)


def test_nothing_is_left_outside(outcomes: dict[str, tuple[Returned, float, str]]) -> None:
    assert outcomes
    assert not Path("/tmp/derive-escaped").exists()  # noqa: S108 - where an attack would write
    assert processes() == set()


def test_output_is_text_and_cut(outcomes: dict[str, tuple[Returned, float, str]]) -> None:
    assert "verdict" in outcomes["forges on stdout"][2]
    assert len(outcomes["writes much"][2]) < 1 << 15


def test_nothing_of_this_machine_is_seen() -> None:
    source = b"import os\nprint(sorted(os.environ), os.listdir('/'), os.getuid())\ndef f():\n    return 1.0\n"
    with Session(isolated(), source, "look.py") as session:
        session.functions()
    assert "home" not in session.printed
    assert "DERIVE" not in session.printed
    assert "65534" in session.printed


@pytest.mark.parametrize("source", ["while True: pass", "import os; os._exit(0)"])
def test_a_file_that_ends_or_hangs_is_told(source: str) -> None:
    with (
        Session(isolated(), source.encode(), "ends.py") as session,
        pytest.raises(StoppedError, match=r"return|exit code 0"),
    ):
        session.functions()


@pytest.mark.parametrize("source", [b"\0", b"\xff\xfe", b"(" * 100_000, b"def f(:", b""])
def test_a_file_that_is_no_python_is_told(source: bytes) -> None:
    with Session(isolated(), source, "broken.py") as session:
        assert session.functions() == ()
        assert session.raised or not source


def test_trusted_code_says_so() -> None:
    assert trusted().says == "none: the code was trusted"
    with Session(trusted(), b"def f():\n    return 1.0\n", "trusted.py") as session:
        session.functions()
        assert float(session.call(Call("f", ())).arrays[0]) == 1.0


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_a_program(machine: str) -> None:
    program = seccomp.program(machine)
    assert program is not None
    assert len(program) % 8 == 0
    assert len(program) < 4096  # fits into a pipe


def test_an_unknown_machine_has_no_filter() -> None:
    assert seccomp.program("pdp11") is None
