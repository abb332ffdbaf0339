"""The system calls that submitted code may not make, as a classic BPF program for the kernel's seccomp filter.

Everything is allowed but what is named here: a filter that lists what NumPy needs would break with each new version of
the C library, and name spaces, limits and the empty file system hold without it. The filter is the second wall: it
takes away what leads out of name spaces (by a fault in the kernel) and what limits of a process do not count.

Linux, include/uapi/linux/{filter,seccomp,audit,sched}.h; numbers from arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h.
"""

import errno
import platform
import struct
from collections.abc import Iterator

_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # ld [k], jeq, jge, jset, ret
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000  # a second set of numbers for the same calls on x86-64
_CLONE_THREAD = 0x00010000
_CLONE_NEW = (
    0x7E020080  # the flags of all name spaces: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME
)

#: name: number on x86-64, number on arm64; None where there is no such call
DENIED: dict[str, dict[str, tuple[int | None, int | None]]] = {
    "the network, also of the abstract kind that has no path": {
        "socket": (41, 198),
        "socketpair": (53, 199),
        "connect": (42, 203),
        "bind": (49, 200),
        "listen": (50, 201),
        "accept": (43, 202),
        "accept4": (288, 242),
    },
    "processes: a filter counts where RLIMIT_NPROC does not, as for root; threads are allowed": {
        "fork": (57, None),
        "vfork": (58, None),
    },
    "name spaces and file systems, the way to capabilities in a nested user name space": {
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "mknod": (133, None),
        "mknodat": (259, 33),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
    },
    "memory and descriptors of other processes": {
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "kcmp": (312, 272),
    },
    "memory that no limit counts": {
        "memfd_create": (319, 279),
        "memfd_secret": (447, 447),
        "shmget": (29, 194),
        "semget": (64, 190),
        "msgget": (68, 186),
        "mq_open": (240, 180),
        "vmsplice": (278, 75),
    },
    "large parts of the kernel that NumPy never needs, and that most ways out of it went through": {
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
        "fanotify_init": (300, 262),
        "move_pages": (279, 239),
        "migrate_pages": (256, 238),
        "modify_ldt": (154, None),
        "uselib": (134, None),
        "lookup_dcookie": (212, 18),
        "nfsservctl": (180, 42),
        "quotactl": (179, 60),
        "quotactl_fd": (443, 443),
        "sysfs": (139, None),
        "ustat": (136, None),
        "personality": (135, 92),  # switches randomised addresses off
    },
    "the machine as a whole: refused without capabilities anyway": {
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "reboot": (169, 142),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "acct": (163, 89),
        "syslog": (103, 116),
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "adjtimex": (159, 171),
        "clock_adjtime": (305, 266),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        "iopl": (172, None),
        "ioperm": (173, None),
        "vhangup": (153, 58),
    },
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH


def program(machine: str | None = None) -> bytes | None:
    """The filter for a machine, by default this one, as an array of struct sock_filter; None for an unknown machine."""
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    return b"".join(struct.pack("=HBBI", *one) for one in _instructions(*known))


def _instructions(column: int, architecture: int) -> Iterator[tuple[int, int, int, int]]:
    """Code, how many to skip if true, and if false, operand."""
    refused = _ERRNO | errno.EPERM
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, architecture  # another table of numbers, as that of 32-bit calls, would pass the filter
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    if column == 0:
        yield _AT_LEAST, 0, 1, _X32
        yield _RETURN, 0, 0, _KILL
    numbers = (pair[column] for group in DENIED.values() for pair in group.values())
    for number in numbers:
        if number is not None:
            yield _EQUAL, 0, 1, number
            yield _RETURN, 0, 0, refused
    yield _EQUAL, 0, 1, _CLONE3[column]  # its flags lie in memory, out of a filter's sight: the C library then
    yield _RETURN, 0, 0, _ERRNO | errno.ENOSYS  # takes clone, whose flags are its first argument
    yield _EQUAL, 0, 4, _CLONE[column]
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _BITS, 1, 0, _CLONE_NEW
    yield _BITS, 1, 0, _CLONE_THREAD
    yield _RETURN, 0, 0, refused
    yield _RETURN, 0, 0, _ALLOW
