"""What the symbols of a document mean: index letters, sizes, and the model's parameters under the names used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from derive.checking.derivations.conventions import ESTIMATES
from derive.checking.derivations.survey import key_of
from derive.checking.parsing.tree import Name
from derive.em.notation import Notation
from derive.language.family import Family
from derive.language.index import ONE, Extent, Index
from derive.models.mixture import Mixture

GAMMA = "responsibilities"


@dataclass(frozen=True)
class Meaning:
    """What a name stands for.

    way: "" for the family itself, "inverse" (a precision), "root" (a standard deviation), "spread" and "spread-root"
    (the number or the entries that a spherical or diagonal matrix is made of, and their roots).
    """

    family: Family
    way: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The meanings of names in one document.

    plates: index letter -> the plate's index of the model. sizes: letter -> size. names: name -> meaning. gammas: names
    of responsibilities, in the order of letters (component first?). labels: names of the latent labels z. one_hot:
    whether these have an index of the component as well, so that z_n is a vector with a single 1. own: names that the
    document gives by responsibilities, such as gamma_nk / N_k.
    """

    notation: Notation
    plates: Mapping[str, Index]
    sizes: Mapping[str, Extent]
    names: Mapping[str, Meaning]
    gammas: frozenset[str]
    component_first: frozenset[str]
    labels: frozenset[str]
    one_hot: bool
    own: frozenset[str] = frozenset()
    unmentioned: tuple[Family, ...] = field(default=())

    @property
    def model(self) -> Mixture:
        """The model."""
        return self.notation.model

    @cached_property
    def side(self) -> Extent | None:
        """The length of a sample that is a vector, or of its plate of coordinates; None for numbers."""
        data = self.model.data
        if data.shape.rows != ONE:
            return data.shape.rows
        return data.indices[1].size if len(data.indices) > 1 else None

    def key(self, name: Name) -> str:
        """Return by what a name is known here: an estimate, with a hat, by its letter."""
        key = key_of(name)
        if key in self.own:
            return key
        plain = key.rpartition(":")[2] if name.accent in ESTIMATES else key
        return plain if plain in self.names or plain in self.gammas else key

    def index(self, letter: str) -> Index | None:
        """Return the index that a letter stands for, None if its plate is not known."""
        plate = self.plates.get(letter)
        return None if plate is None else named(letter, plate.size)

    def plate_of(self, letter: str) -> Extent | None:
        """Over what a letter runs, None if that is not known."""
        plate = self.plates.get(letter)
        return None if plate is None else plate.size


def named(letter: str, size: Extent) -> Index:
    """Return an index with a document's letter."""
    name = letter.replace("'", "_")
    return Index(name if name.isidentifier() else "i_", size)
