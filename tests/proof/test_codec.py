"""JSON: lossless both ways, and anything else is refused in one line."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from derive.errors import InputError
from derive.proof.codec import decode, encode, from_json, to_json
from derive.proof.digest import digest
from tests.proof.derivations import CATALOGUE, derivation

ODD = ("standard-deviation", "tied-diagonal", "poisson-with-exposures")


@pytest.mark.parametrize("name", CATALOGUE + ODD)
def test_there_and_back_without_loss(name: str) -> None:
    before = derivation(name)
    after = from_json(to_json(before))
    assert after == before
    assert [step.certificate for step in after.steps] == [step.certificate for step in before.steps]
    assert to_json(after) == to_json(before)
    assert digest(after) == digest(before)
    assert decode(json.loads(json.dumps(encode(before)))) == before


HEAD = '{"format": 1, "families": {}, "derivation": '
GARBAGE = {
    "nothing": "",
    "half": "{",
    "list": "[]",
    "null": "null",
    "number": "3",
    "text": '"a"',
    "empty": "{}",
    "no families": '{"format": 1}',
    "another format": '{"format": 2}',
    "families as a list": '{"format": 1, "families": [], "derivation": {}}',
    "families that are none": '{"format": 1, "families": {"x": 3}, "derivation": 3}',
    "a number": f"{HEAD}3}}",
    "no type": f"{HEAD}{{}}}}",
    "type that is a list": HEAD + '{"type": ["Number"]}}',
    "unknown type": HEAD + '{"type": "Nope"}}',
    "empty derivation": HEAD + '{"type": "Derivation"}}',
    "unknown relation": HEAD + '{"type": "Relation", "value": "??"}}',
    "unknown family": HEAD + '{"type": "FamilyName", "value": "x"}}',
    "protocol": HEAD + '{"type": "HasExtent"}}',
    "function": HEAD + '{"type": "dataclass"}}',
    "annotation": HEAD + '{"type": "ClassVar"}}',
    "base class": HEAD + '{"type": "Domain"}}',
    "number that is none": HEAD + '{"type": "Number", "value": {"type": "Fraction", "value": "x"}}}',
    "division by zero": HEAD + '{"type": "Number", "value": {"type": "Fraction", "value": "1/0"}}}',
    "term that is none": HEAD + '{"type": "Add", "terms": [3]}}',
    "name that is code": HEAD + '{"type": "Index", "name": "f()", "size": {"type": "Extent", "name": "N"}}}',
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_is_no_derivation_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        from_json(GARBAGE[name])


DAMAGES = (
    ('"number": 7', '"number": "seven"'),
    ('"name": "mu"', '"name": 3'),
    ('"rule": "isolate"', '"rool": "isolate"'),
    ('"type": "Step"', '"type": "Section"'),
    ('"type": "Symbol"', '"type": "Number"'),
    ('"value": "="', '"value": "~"'),
    ('"premise": 8', '"premise": [8]'),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage[1])
def test_a_damaged_file_is_refused(damage: tuple[str, str]) -> None:
    text = to_json(derivation("gaussian-1d"))
    assert damage[0] in text
    with pytest.raises(InputError):
        from_json(text.replace(*damage, 1))


def test_no_text_is_run() -> None:
    text = to_json(derivation("gaussian-1d")).replace('"name": "mu"', '"name": "__import__(\'os\').abort()"')
    with pytest.raises(InputError):
        from_json(text)


def test_the_digest_sees_formulas_rules_and_words_and_no_certificates() -> None:
    whole = derivation("gaussian-1d")
    section = whole.sections[4]
    step = section.steps[2]

    def with_step(**changes: object) -> str:
        steps = tuple(replace(s, **changes) if s is step else s for s in section.steps)  # type: ignore[arg-type]
        sections = tuple(replace(s, steps=steps) if s is section else s for s in whole.sections)
        return digest(replace(whole, sections=sections))

    same = digest(whole)
    assert len(same) == 64
    assert set(same) <= set("0123456789abcdef")
    assert with_step() == same
    assert with_step(certificate=None) == same
    assert step.certificate is not None
    assert with_step(certificate=replace(step.certificate, seed=1, bits=99)) == same
    changed = [
        with_step(right=step.right + 1),
        with_step(left=step.left * 2),
        with_step(rule="other"),
        with_step(words="other"),
        with_step(source="other"),
        with_step(assumptions=("other",)),
        digest(replace(whole, model="other")),
        digest(replace(whole, updates=whole.updates[:-1])),
    ]
    assert len({same, *changed}) == len(changed) + 1


PROGRAM = """
from derive.api import load
from derive.proof.codec import to_json
from derive.proof.digest import digest
import hashlib
made = load("gaussian-diagonal").derivation()
print(digest(made), hashlib.sha256(to_json(made).encode()).hexdigest())
"""


def test_the_same_under_two_hash_seeds() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert digest(derivation("gaussian-diagonal")) in found.pop()
