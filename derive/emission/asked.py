"""What generated code asks of parameters: that their entries lie in their domain, as far as a program needs it."""

from dataclasses import dataclass

from derive.emission.model import Model
from derive.language.family import Family
from derive.lowering.ends import ONE, ZERO, forbidden_ends
from derive.lowering.program import Program


@dataclass(frozen=True)
class Asked:
    """What is asked of a parameter's entries: a condition, what they must do, and what those are that do not."""

    condition: str
    must: str
    missed: str


ASKED = {  # by the kind of the domain
    "positive": Asked("({x} > 0)", "be positive", "not positive"),
    "nonnegative": Asked("({x} >= 0)", "be zero or more", "negative"),
    "probability": Asked("(({x} > 0) & ({x} < 1))", "lie between zero and one", "not between zero and one"),
    "unit": Asked("(({x} >= 0) & ({x} <= 1))", "lie from zero to one", "not from zero to one"),
    "not zero": Asked("(({x} > 0) & ({x} <= 1))", "be above zero and at most one", "not above zero and at most one"),
    "not one": Asked("(({x} >= 0) & ({x} < 1))", "be zero or more and below one", "not from zero to below one"),
}
_RELAXED = {  # by the kind, and the ends at which the program has no value
    ("positive", frozenset[str]()): "nonnegative",
    ("probability", frozenset[str]()): "unit",
    ("probability", frozenset({ZERO})): "not zero",
    ("probability", frozenset({ONE})): "not one",
}


def asked_of(model: Model, program: Program, prefix: str = "") -> list[tuple[Family, Asked]]:
    """Return the parameters that a program uses and has to check, with what is asked of each.

    An update may lie at the border of its domain: a rate is zero where nothing was counted. The border is allowed where
    the program has a value there. prefix: "previous_" for the values that updates start from.
    """
    used = {node.name for node in program.inputs}
    found = []
    for kind in ASKED:
        for family in model.checked(kind):
            if prefix + family.code in used:
                ends = forbidden_ends(program, prefix + family.code)
                found.append((family, ASKED[_RELAXED.get((kind, ends), kind)]))
    return found
