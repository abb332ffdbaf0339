"""Which results are asked for, and which are reached: a formula for each parameter, and the responsibilities."""

from derive.checking.derivations.equations import families_in
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.judge import has_derivative, is_parameter
from derive.checking.derivations.outcome import Verdict
from derive.checking.derivations.worlds import Worlds
from derive.language.expr import Expr
from derive.language.family import Role, Symbol

RESPONSIBILITIES = "responsibilities"
EQUAL = ("=", ":=", "to", "equiv")


class Results:
    """Keeps what was said last of each parameter."""

    def __init__(self, worlds: Worlds) -> None:
        """worlds: with the model's derivation."""
        self._worlds = worlds
        self._found: dict[str, str] = {}

    def note(self, first: Expr, others: list[tuple[str, Expr]], findings: list[Finding]) -> None:
        """Take a chain: its sides and what was found of each relation."""
        sides = [first, *(side for _, side in others)]
        target = next((side for side in sides if self._name(side) is not None), None)
        if target is None or has_derivative(first):
            return
        name = self._name(target)
        assert name is not None  # noqa: S101 - for the type checker
        for (relation, side), finding in zip(others, findings, strict=True):
            given = first if side is target else side
            if relation in EQUAL and finding.verdict is not Verdict.UNCHECKED and self._explicit(target, given):
                self._found[name] = "right" if finding.fine else "wrong"

    def _name(self, side: Expr) -> str | None:
        if isinstance(side, Symbol) and side.family.role is Role.RESPONSIBILITY:
            return RESPONSIBILITIES
        if not is_parameter(side):
            return None
        updated = {update.target.family.name: update.target.family for update in self._worlds.derivation.updates}
        names = [family.name for family in families_in(side) if family.name in updated]
        return updated[names[0]].code if len(names) == 1 else None

    @staticmethod
    def _explicit(target: Expr, value: Expr) -> bool:
        """Whether a value says what the target is, without itself and without a multiplier."""
        mentioned = families_in(value)
        if any(family.role is Role.MULTIPLIER for family in mentioned) or mentioned & families_in(target):
            return False
        return bool(mentioned) and not has_derivative(value)

    def summary(self) -> tuple[tuple[str, str], ...]:
        """Return each asked result with "right", "wrong" or "absent"."""
        asked = [update.target.family.code for update in self._worlds.derivation.updates]
        return tuple((name, self._found.get(name, "absent")) for name in (RESPONSIBILITIES, *sorted(asked)))
