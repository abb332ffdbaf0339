"""What a generated module says of its model: parameters with shapes and domains, known constants, data."""

from dataclasses import dataclass
from functools import cached_property

from derive.emission.naming import RESERVED
from derive.emission.support import words
from derive.emission.unicode import shape, symbol
from derive.errors import LoweringError
from derive.language.domain import AtLeast, Domain
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.lowering.axis import Axis
from derive.lowering.functions import scope_of
from derive.lowering.scope import kind_of
from derive.lowering.structure import Structure, structure_of_domain
from derive.proof.derivation import Derivation

FUNCTIONS = frozenset(
    {
        "responsibilities",
        "log_p",
        "block",
        "statistics",
        "Statistics",
        "merge",
        "update",
        "natural_parameters",
        "shared_statistics",
        "shared_parameters",
        "gather",
        "shifted",
        "faster",
        "totals",
        "shared",
        "origin",
        "out",
        "log_joint",
        "e_step",
        "m_step",
        "log_likelihood",
        "log_prior",
        "objective",
        "em_step",
        "moments",
        "Array",
    }
)


@dataclass(frozen=True)
class Model:
    """The families of a derivation, as arrays."""

    derivation: Derivation

    def __post_init__(self) -> None:
        """Refuse names that generated code needs for itself."""
        sizes = {axis.size for family in self.derivation.families for axis in self.axes(family)}
        loops = {index.name for family in self.derivation.families for index in family.indices}
        names = [family.code for family in (*self.parameters, *self.knowns)]
        for name in names:
            if name in RESERVED | FUNCTIONS | sizes | loops or names.count(name) > 1:
                raise LoweringError(
                    f"{self.derivation.model}: the name {name!r} in code is taken; give another one: code='...'"
                )

    def of_role(self, role: Role) -> tuple[Family, ...]:
        """Return the families of a role, in the derivation's order."""
        return tuple(family for family in self.derivation.families if family.role is role)

    @cached_property
    def parameters(self) -> tuple[Family, ...]:
        """The estimated families, in the order of the fields of Parameters."""
        return self.of_role(Role.PARAMETER)

    @cached_property
    def knowns(self) -> tuple[Family, ...]:
        """The families that the caller gives as keyword arguments."""
        return self.of_role(Role.KNOWN)

    @cached_property
    def data(self) -> Family:
        """The observed family."""
        found = self.of_role(Role.DATA)
        if len(found) != 1 or not 1 <= len(self.axes(found[0])) <= 2:
            names = ", ".join(family.signature for family in found) or "none"
            raise LoweringError(
                f"generated code takes one X of scalars or vectors; {self.derivation.model} has {names}"
            )
        return found[0]

    def axes(self, family: Family) -> tuple[Axis, ...]:
        """Return the axes of a family's array."""
        return scope_of(self.derivation).stored_axes(family)

    @cached_property
    def plates(self) -> tuple[str, str]:
        """The sizes of samples and components, N and K in the model's letters."""
        target = self.derivation.responsibilities.target
        assert isinstance(target, Symbol)  # noqa: S101 - for the type checker
        samples, components = target.indices
        return samples.size.name, components.size.name

    @property
    def coordinates(self) -> str:
        """The size of one observation, D in the model's letters; D too where it is a scalar."""
        return next((axis.size for axis in self.axes(self.data)[1:]), "D")

    def sizes(self, family: Family) -> str:
        """Return the text of the tuple that declares a family's shape: ("K", "D")."""
        names = [f'"{axis.size}"' for axis in self.axes(family)]
        return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"

    @property
    def event_shape(self) -> str:
        """The declared shape of one observation."""
        names = [f'"{axis.size}"' for axis in self.axes(self.data)[1:]]
        return f"({names[0]},)" if names else "()"

    def described(self, family: Family) -> str:
        """Return a line on a family: its name in code, symbol, shape and domain."""
        member = family.symbol
        assert isinstance(member, Symbol)  # noqa: S101 - for the type checker
        known = "known " if family.role is Role.KNOWN else ""
        return f"{family.code}: {known}{symbol(member)}, shape {shape(self.axes(family))}{domain_words(family.domain)}."

    def count(self, family: Family) -> str:
        """Return the number of free numbers in a parameter as a Python expression of the sizes."""
        bound = len(family.bindings) - sum(binding.lead == binding.number for binding in family.bindings)
        plates = [index.size.name for index in family.indices]
        if bound:  # the components come first
            plates[0] = f"({plates[0]} - {bound})"
        if family.domain.sums_to_one:
            *others, last = plates
            size = family.indices[-1].size
            if size.more and not others and not bound:  # K + 1 - 1 is K
                return f"{size.base} + {size.more - 1}" if size.more > 1 else f"{size.base}"
            return " * ".join([*others, f"({last} - 1)" if others else f"{last} - 1"])
        rows, cols = family.shape.rows.name, family.shape.cols.name
        if family.domain.unit:
            return " * ".join([*plates, f"({rows} - 1)" if plates else f"{rows} - 1"])
        structure = structure_of_domain(family.domain)
        if family.domain.side is None:
            own = [side for side in (rows, cols) if side != "1"]
        elif structure is Structure.DENSE and family.domain.symmetric:
            return " * ".join([*plates, rows, f"({rows} + 1)"]) + " // 2"
        else:
            own = {Structure.DENSE: [rows, cols], Structure.DIAGONAL: [rows], Structure.SPHERICAL: []}[structure]
        return " * ".join([*plates, *own]) or "1"

    def count_sizes(self) -> set[str]:
        """Return the names of the sizes that the counts mention."""
        plates = {index.size.base.name for family in self.parameters for index in family.indices}
        sides = {
            side.name
            for family in self.parameters
            if structure_of_domain(family.domain) is not Structure.SPHERICAL
            for side in (family.shape.rows, family.shape.cols)
        }
        return (plates | sides) - {"1"}

    def checked(self, kind: str) -> tuple[Family, ...]:
        """Return the parameters whose entries must all be of a kind, such as "positive" (see ``asked.ASKED``)."""
        return tuple(family for family in self.parameters if _asked(family) == kind)


def _asked(family: Family) -> str:
    """What is asked of a parameter: its kind, and whether the ends of the interval belong to it."""
    closed = {"positive": "nonnegative", "probability": "unit"}
    kind = kind_of(family)
    return kind if family.domain.positive else closed.get(kind, kind)


def domain_words(domain: Domain) -> str:
    """Return how a docstring says what values are allowed."""
    if domain.sums_to_one:
        return ", positive, sum to one" if domain.positive else ", a single one in each row, else zeros"
    if domain.unit:
        return ", of length one"
    if domain.below_one:
        return ", between zero and one"
    if isinstance(domain, AtLeast):
        bound = domain.bound
        return f", at least {bound if isinstance(bound, Expr) else getattr(bound, 'code', bound.name)}"
    if domain.nonnegative and not domain.positive and domain.side is None:
        return f", {words(domain, getattr(getattr(domain, 'bound', None), 'code', ''))}"
    said = {
        ("symmetric", True): ", symmetric positive definite",
        ("diagonal", True): ", the positive diagonals of diagonal matrices",
        ("spherical", True): ", positive multiples of the identity",
        ("full", True): ", positive",
        ("symmetric", False): ", symmetric",
    }
    return said.get((domain.structure, domain.positive), "")
