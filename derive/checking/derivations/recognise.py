"""What the names of a document mean, found out from how they are used: indices, sizes, and what is customary."""

from collections import Counter
from collections.abc import Mapping

from derive.checking.derivations import conventions as usual
from derive.checking.derivations.survey import Survey, plain
from derive.checking.derivations.vocabulary import GAMMA, Meaning, Vocabulary
from derive.em.notation import Notation
from derive.language.domain import PositiveDefinite, Spherical
from derive.language.family import Family, Role
from derive.language.index import ONE, Extent, Index
from derive.models.mixture import Mixture


def recognise(model: Mixture, survey: Survey, given: Mapping[str, str]) -> Vocabulary:
    """Find out what the names of a document mean. given: name -> the family, its code name, or "responsibilities"."""
    return _Recogniser(Notation(model), survey, given).run()


class _Recogniser:
    def __init__(self, notation: Notation, survey: Survey, given: Mapping[str, str]) -> None:
        self.notation, self.survey, self.given = notation, survey, given
        self.model = notation.model
        self.n, self.k = self.model.sample, self.model.component
        data = self.model.data
        self.d = data.indices[1] if len(data.indices) > 1 else None
        side = data.shape.rows if data.shape.rows != ONE else None
        self.coordinate = self.d or (Index("d", side) if side is not None else None)
        self.votes: dict[str, Counter[str]] = {}
        self.names: dict[str, Meaning] = {}
        self.gammas: set[str] = set()
        self.first: set[str] = set()
        self.labels: set[str] = set()
        self.missing: set[Family] = set()

    def run(self) -> Vocabulary:
        self._data()
        self._given()
        self._vote_parameters()
        plates = self._plates()
        self._responsibilities(plates)
        self._families(plates)
        sizes = self._sizes(plates)
        unmentioned = tuple(family for family in self.model.knowns if family in self.missing)
        return Vocabulary(
            self.notation,
            plates,
            sizes,
            self.names,
            frozenset(self.gammas),
            frozenset(self.first),
            frozenset(self.labels),
            any(len(low + high) > 1 for name in self.labels for low, high in self.survey.signatures(name)),
            self._own(),
            unmentioned,
        )

    def _own(self) -> frozenset[str]:
        """Names that the document gives by responsibilities and that could be taken for them: gamma_nk / N_k."""
        given = {name for name, right in self.survey.given_by.items() if right & self.gammas - {name}}
        return frozenset(name for name in given if name.rpartition(":")[2] not in self.names)

    def _vote(self, letter: str, plate: str, weight: int) -> None:
        self.votes.setdefault(letter, Counter())[plate] += weight

    def _data(self) -> None:
        """The data's letter, and with it the letters of the samples and coordinates."""
        own = self.model.data.name
        name = next((name for name in (own, "x", "y", "t", "d") if name in self.survey.names), own)
        self.names[name] = Meaning(self.model.data)
        if name != own and own in self.survey.names:
            self.names[own] = Meaning(self.model.data)
        for (used, low, high), count in self.survey.uses.items():
            if used != name:
                continue
            letters = high + low if high else low
            for letter, plate in zip(letters, ("n", "d"), strict=False):
                self._vote(letter, plate, 3 * count)

    def _given(self) -> None:
        families = {key: family for family in self.model.families for key in (family.name, family.code)}
        for name, meaning in self.given.items():
            if meaning == GAMMA:
                self.gammas.add(name)
            elif meaning in families:
                self.names[name] = Meaning(families[meaning])

    def _vote_parameters(self) -> None:
        """Letters at what looks like a parameter, and below sum signs with a familiar end."""
        likely = {"mu", "Sigma", "pi", "sigma", *(f.name for f in self.model.parameters), *(usual.PRECISIONS[:1])}
        likely |= {"lambda"} if any(f.name == "lam" for f in self.model.parameters) else set()
        for (used, low, high), count in self.survey.uses.items():
            if plain(used) in likely and low and not high and used not in self.names:
                self._vote(low[0], "k", 2 * count)
                for letter in low[1:]:
                    self._vote(letter, "d", count)
        ends = {"N": "n", "K": "k", "D": "d", "d": "d", "P": "d"}
        for (letter, upper), count in self.survey.bounds.items():
            if upper in ends and self._plate(ends[upper]) is not None:
                self._vote(letter, ends[upper], count)
        self._vote_by_bounds()

    def _vote_by_bounds(self) -> None:
        """Letters whose sums end as those of a letter that is known: sum_{l=1}^M beside sum_{m=1}^M."""
        known = {
            upper: max(self.votes[letter], key=lambda plate: self.votes[letter][plate])
            for letter, upper in self.survey.bounds
            if upper and letter in self.votes
        }
        for letter, upper in self.survey.bounds:
            if letter not in self.votes and upper in known:
                self._vote(letter, known[upper], 1)

    def _plate(self, plate: str) -> Index | None:
        return {"n": self.n, "k": self.k, "d": self.coordinate}[plate]

    def _plates(self) -> dict[str, Index]:
        """Index letters by the most votes; letters without a vote by what is customary."""
        found: dict[str, Index] = {}
        for letter, votes in self.votes.items():
            index = self._plate(max(votes, key=lambda plate: (votes[plate], plate == "n")))
            if index is not None:
                found[letter] = index
        bare = {letter for letter, _ in self.survey.bounds} | {
            letter for (_, low, high) in self.survey.uses for letter in (*low, *high)
        }
        taken = {index: letter for letter, index in found.items()}
        for letter in sorted(bare - set(found)):
            for index, customary in (
                (self.n, usual.SAMPLE_LETTERS),
                (self.k, usual.COMPONENT_LETTERS),
                (self.coordinate, usual.COORDINATE_LETTERS),
            ):
                fits = letter.rstrip("'") in customary
                if index is not None and fits and (index not in taken or letter.rstrip("'") in _like(taken[index])):
                    found[letter] = index
                    break
            else:
                if letter.endswith("'") and letter.rstrip("'") in found:
                    found[letter] = found[letter.rstrip("'")]
                elif letter in usual.COMPONENT_LETTERS:
                    found[letter] = self.k
                elif letter in usual.SAMPLE_LETTERS:
                    found[letter] = self.n
        return found

    def _responsibilities(self, plates: Mapping[str, Index]) -> None:
        """Names with an index of the samples and one of the components; z beside another such name are labels."""
        found: list[str] = []
        for name in usual.RESPONSIBILITIES:
            if name in self.names:
                continue
            for low, high in self.survey.signatures(name):
                letters = low + high
                kinds = [plates.get(letter) for letter in letters]
                if kinds in ([self.n, self.k], [self.k, self.n]):
                    found.append(name)
                    break
            else:
                if self.survey.called[name] and name in ("gamma", "r", "h", "tau") and not self.survey.signatures(name):
                    found.append(name)
        others = set(found) - {"z"}
        found = [name for name in found if not self.survey.given_by.get(name, set()) & (others - {name})]
        if "z" in found and (len(found) > 1 or self.survey.called["E"] or self.survey.called["bb:E"]):
            found.remove("z")
            self.labels.add("z")
        for name in found:
            orders = [
                tuple(plates.get(letter) for letter in low + high)
                for low, high in self.survey.signatures(name)
                if len(low + high) == 2
            ]
            own = self.survey.orders.get(name, ())
            first = tuple(plates.get(letter) for letter in own)
            if first == (self.k, self.n) or (orders and orders[0] == (self.k, self.n) and first != (self.n, self.k)):
                self.first.add(name)
        self.gammas |= set(found)

    def _families(self, plates: Mapping[str, Index]) -> None:
        known = {meaning.family for meaning in self.names.values()}
        open_families = [f for f in self.model.families if f.role in (Role.PARAMETER, Role.KNOWN) and f not in known]
        left = []
        for family in open_families:
            own = _own_names(family)
            name = next((n for n in own if n in self.survey.names and self._fits(n, family, plates)), None)
            if name is not None:
                self.names[name] = Meaning(family)
            elif not self._by_root(family, plates):
                left.append(family)
        for family in left:
            for name in _customary(family, self.model) if family.role is Role.PARAMETER else ():
                if name in self.survey.names and name not in self.gammas and self._fits(name, family, plates):
                    self.names.setdefault(name, Meaning(family))
                    if self.names[name].family == family:
                        break
            else:
                self.missing.add(family)
                self.names.setdefault(_own_names(family)[0], Meaning(family))
        for family in self.model.families:
            self._precision(family, plates)
            self._spread(family)

    def _precision(self, family: Family, plates: Mapping[str, Index]) -> None:
        """A precision matrix beside or in place of the covariance matrix."""
        if not isinstance(family.domain, PositiveDefinite):
            return
        for name in usual.PRECISIONS:
            taken = name in self.names or name in self.gammas or self.survey.heads[name]
            if name in self.survey.names and not taken and self._fits(name, family, plates):
                self.names[name] = Meaning(family, "inverse")
                return

    def _by_root(self, family: Family, plates: Mapping[str, Index]) -> bool:
        """sigma_k^2 for a family sigma2, or for what a spherical or diagonal matrix is made of."""
        if family.name.endswith("2") and family.shape.is_scalar:
            for name in (family.name[:-1], *usual.SPREADS):
                if name in self.survey.names and name not in self.names and self._fits(name, family, plates):
                    squared = self.survey.squared[name] or name == family.name[:-1]
                    self.names[name] = Meaning(family, "root" if squared else "")
                    return True
        if isinstance(family.domain, PositiveDefinite) and family.domain.structure in ("diagonal", "spherical"):
            matrix = next((n for n in usual.MATRICES if n in self.survey.names and n not in self.names), None)
            if matrix is not None and self._fits(matrix, family, plates):
                self.names[matrix] = Meaning(family)
            return self._spread(family) or matrix is not None
        return False

    def _spread(self, family: Family) -> bool:
        """sigma_k^2 beside a spherical or diagonal matrix."""
        if family.domain.structure not in ("diagonal", "spherical"):
            return False
        for name in usual.SPREADS:
            if name in self.survey.names and name not in self.names and name not in self.gammas:
                self.names[name] = Meaning(family, "spread-root" if self.survey.squared[name] else "spread")
                return True
        return False

    def _fits(self, name: str, family: Family, plates: Mapping[str, Index]) -> bool:
        """Whether a name is used with the indices that a family carries, or with none."""
        if name in self.names or name in self.gammas:
            return False
        uses = self.survey.signatures(name)
        if not uses:
            return not family.indices
        wanted = [index.size for index in family.indices]
        more = [self.coordinate.size] if self.coordinate is not None else []
        for low, high in uses:
            sizes = [plates[letter].size for letter in (*low, *high) if letter in plates]
            if sizes in (wanted, wanted + more, wanted + more + more, wanted[:1]) and (sizes or not wanted):
                return True
        return False

    def _sizes(self, plates: Mapping[str, Index]) -> dict[str, Extent]:
        found: dict[str, Extent] = {}
        extents = {extent.name: extent for extent in self.model.extents}
        for (letter, upper), _ in self.survey.bounds.most_common():
            if upper and letter in plates and upper not in found and upper not in self.names:
                found[upper] = plates[letter].size
        for name, extent in extents.items():
            found.setdefault(name, extent)
        for plate, letters in usual.SIZES.items():
            index = self._plate(plate)
            for letter in letters:
                taken = letter in found or letter in plates or letter in self.names or self.survey.heads[letter]
                if index is not None and not taken:
                    found[letter] = index.size
        return found


def _like(letter: str) -> str:
    """Letters that are commonly used beside one for the same plate: j beside k, m beside n."""
    return {"k": "kjlc", "j": "jklc", "n": "nm", "i": "i", "d": "djp", "c": "ck"}.get(letter, letter)


def _own_names(family: Family) -> tuple[str, ...]:
    spelled = {"lam": "lambda"}.get(family.name, family.name)
    return tuple(dict.fromkeys((family.latex.lstrip("\\") or spelled, spelled, family.name)))


def _customary(family: Family, model: Mixture) -> tuple[str, ...]:
    """Names in use for a family of its kind."""
    domain = family.domain
    if family == model.weights:
        return usual.WEIGHTS
    if isinstance(domain, Spherical | PositiveDefinite):
        return usual.MATRICES
    if domain.at_most_one:
        return usual.PROBABILITIES
    return usual.POSITIVES if domain.nonnegative else usual.VECTORS
