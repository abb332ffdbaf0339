"""Other programs that fit mixtures, one file each; none is imported before it is asked to run."""

from derive.runtime.benchmark.peers.choice import PEERS, chosen
from derive.runtime.benchmark.peers.peer import Peer

__all__ = ["PEERS", "Peer", "chosen"]
