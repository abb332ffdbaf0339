"""Which peers run."""

from derive.errors import InputError
from derive.runtime.benchmark.peers.onedal import ONEDAL
from derive.runtime.benchmark.peers.peer import Peer
from derive.runtime.benchmark.peers.scikit_learn import SCIKIT_LEARN

PEERS: tuple[Peer, ...] = (SCIKIT_LEARN, ONEDAL)


def chosen(spec: str | None, peers: tuple[Peer, ...] = PEERS) -> tuple[Peer, ...]:
    """The peers that a list of names, separated by commas, stands for: all that are installed for None; "none".

    Raises InputError for a name that is unknown, or of a package that is not installed.
    """
    if spec is None:
        return tuple(peer for peer in peers if peer.is_installed)
    names = [name.strip() for name in spec.split(",")]
    if names == ["none"]:
        return ()
    by_name = {peer.name: peer for peer in peers}
    for name in names:
        if name not in by_name:
            raise InputError(f"--peers: there is no {name!r}; there is: {', '.join(by_name)}, or none")
        if not by_name[name].is_installed:
            raise InputError(f"--peers: {name} is not installed: pip install {by_name[name].distribution}")
    return tuple(by_name[name] for name in dict.fromkeys(names))
