"""Submissions in many styles, right ones and ones with a typical mistake: every verdict, and most mistakes by name."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from derive.checking.implementations.check import check_code
from derive.checking.implementations.outcome import CodeFeedback, as_json
from derive.checking.implementations.problems import problems_of
from derive.checking.sandbox.layout import bubblewrap
from derive.models.load import load_model

HERE = Path(__file__).parent
MANIFEST: dict[str, dict[str, Any]] = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
NAMED = 0.9  # share of the mistakes that are to be named

pytestmark = [
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap is not installed"),
    pytest.mark.xdist_group("submissions"),  # all are tried once
]


@pytest.fixture(scope="module")
def found() -> dict[str, CodeFeedback]:
    for model in {entry["model"] for entry in MANIFEST.values()}:
        problems_of(load_model(model))

    def judged(name: str) -> CodeFeedback:
        return check_code(HERE / "submissions" / f"{name}.py", load_model(MANIFEST[name]["model"]))

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(MANIFEST, pool.map(judged, MANIFEST), strict=True))


def expected() -> dict[tuple[str, str], dict[str, str]]:
    return {(n, r): said for n, entry in MANIFEST.items() for r, said in entry.items() if r != "model"}


def test_there_are_enough() -> None:
    right = [
        n for n in MANIFEST if all(s["verdict"] in {"right", "notice"} for (m, _), s in expected().items() if m == n)
    ]
    assert len(MANIFEST) >= 60
    assert 3 * len(right) >= len(MANIFEST)
    assert {path.stem for path in (HERE / "submissions").glob("*.py")} == set(MANIFEST)


def test_every_verdict_is_right(found: dict[str, CodeFeedback]) -> None:
    off = {}
    for (name, role), said in expected().items():
        verdicts = {function.name: function.verdict.value for function in found[name].functions}
        if verdicts.get(role) != said["verdict"]:
            off[name, role] = (verdicts.get(role), [f.says for f in found[name].functions], found[name].says)
    assert off == {}


def test_nearly_every_mistake_is_named(found: dict[str, CodeFeedback]) -> None:
    missed, total = [], 0
    for (name, role), said in expected().items():
        if "mistake" not in said:
            continue
        total += 1
        mistakes = {function.name: function.mistake for function in found[name].functions}
        if mistakes[role] != said["mistake"]:
            missed.append((name, mistakes[role], said["mistake"]))
    assert total >= 40
    assert len(missed) <= (1 - NAMED) * total, missed


def test_results_are_told_as_promised(found: dict[str, CodeFeedback]) -> None:
    content = as_json(found["m_cov_n"])
    assert set(content) >= {"file", "model", "isolation", "functions", "verdict"}
    assert content["isolation"].startswith("bubblewrap")
    assert content["verdict"] == "wrong"
    told = content["functions"]["m_step"]
    assert told["parameters"] == {"weights": "right", "means": "right", "covariances": "wrong"}
    assert "N_k" in told["says"]
