"""Names for the symbols that a derivation adds to a model's: none that is taken."""

from dataclasses import dataclass, field

from derive.em.notation import Notation
from derive.errors import ModelError


@dataclass
class Names:
    """Names in use; a new one is noted as soon as it is given out."""

    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, notation: Notation) -> "Names":
        """Return the names that a model and its EM use."""
        families = (
            *notation.model.families,
            notation.gamma,
            notation.q,
            notation.z,
            notation.ell,
            notation.nu,
        )
        return cls({family.name for family in families} | {notation.theta, notation.n.name, notation.k.name})

    def fresh(self, *wanted: str) -> str:
        """Return the first name that is free; one with a number where none is."""
        numbered = (f"{wanted[-1]}_{number}" for number in range(2, 100))
        for name in (*wanted, *numbered):
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ModelError(f"the names {', '.join(wanted)} are all taken")
