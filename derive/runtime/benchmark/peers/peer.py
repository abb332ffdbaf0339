"""What a peer is."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from derive.runtime.benchmark.gaussians import Gaussians
from derive.runtime.benchmark.program import Run


@dataclass(frozen=True)
class Peer:
    """package: what is imported. distribution: what is installed. structures: of Gaussian mixtures that it fits.

    run: makes the run from a problem; a run returns weights, means and covariances in the problem's shapes.
    by_numpy: its arrays are NumPy's.
    """

    name: str
    package: str
    distribution: str
    structures: frozenset[str]
    run: Callable[[Gaussians], Run]
    by_numpy: bool

    @property
    def is_installed(self) -> bool:
        """Whether it could be imported; it is not."""
        return find_spec(self.package) is not None
