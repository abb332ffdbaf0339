"""How many mutants are found, in which row, and under which name: `python -m tests.checking.mutants.score [FILE]`."""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from derive.checking.derivations.check import check_document, derived
from derive.checking.derivations.objectives import constant_in
from derive.checking.derivations.outcome import Feedback
from derive.checking.derivations.walk import Walk
from derive.checking.derivations.worlds import UndecidableError, parameter_names
from derive.checking.mistakes.catalogue import BY_NAME
from derive.checking.mistakes.diagnose import made
from derive.checking.parsing.documents import read_document, read_text
from derive.checking.parsing.written import Document
from derive.errors import DeriveError
from derive.language.expr import Expr, add, mul
from derive.models.load import load_model
from tests.checking.mutants.make import Mutant, mutants

HERE = Path(__file__).parent.parent / "derivations"
FILES = sorted([HERE / "seed.md", *(HERE / "corpus").iterdir()])
KINDS = {".md": "markdown", ".tex": "latex", ".ipynb": "notebook"}
EACH = 20


@dataclass(frozen=True)
class Outcome:
    """What was found of a mutant."""

    document: str
    mistake: str
    line: int
    written: str
    found: bool
    exact: bool
    named: str
    same: bool


def judged(path: Path, each: int = EACH) -> tuple[Feedback, list[Outcome]]:
    """What is said of a right document, and of its mutants."""
    document = read_document(path)
    made_ = mutants(document, path.read_text(), each)
    return check_document(document), [_outcome(path, document, mutant) for mutant in made_]


def _outcome(path: Path, document: Document, mutant: Mutant) -> Outcome:
    kind = KINDS[path.suffix]
    feedback = check_document(read_text(mutant.text, kind, path.name))  # type: ignore[arg-type]
    wrong = feedback.first_wrong
    named = "" if wrong is None else wrong.mistake
    same = named == mutant.mistake.name or _makes(named, mutant, document)
    exact = wrong is not None and wrong.line == mutant.line
    return Outcome(path.name, mutant.mistake.name, mutant.line, mutant.written, wrong is not None, exact, named, same)


def _makes(name: str, mutant: Mutant, document: Document) -> bool:
    """Whether another mistake makes the same wrong value of the same right one."""
    if name not in BY_NAME:
        return False
    model = load_model(document.model or "gaussian-full")
    walk = Walk(document, model, derived(model), {})
    return any(_equal(one, mutant.wrong, walk) for one in made(BY_NAME[name], mutant.right, walk.vocabulary.notation))


def _equal(one: Expr, other: Expr, walk: Walk) -> bool:
    """Whether two wrong formulas are the same mistake: equal, or equal but for a constant that no parameter enters."""
    if one.shape != other.shape:
        return False
    place = walk.worlds.places[0]
    try:
        gap = add(one, mul(-1, other))
        constant = (
            one.shape.is_scalar
            and not one.free
            and constant_in(gap, parameter_names(walk.worlds.derivation), place, place.free)
        )
        return constant or walk.judge.same(one, other)
    except (UndecidableError, DeriveError, TypeError):
        return False


def report(outcomes: Iterable[Outcome], false_alarms: int) -> str:
    """The score as Markdown."""
    all_ = list(outcomes)
    found, exact, named = (sum(getattr(o, key) for o in all_) for key in ("found", "exact", "same"))
    documents = sorted({o.document for o in all_})
    lines = [
        "# How well mistakes are found",
        "",
        "One mistake of the catalogue is made in one row of a right derivation; then the document is checked.",
        "Written by `python -m tests.checking.mutants.score docs/coursework/score.md`.",
        "",
        "| | |",
        "|---|---|",
        f"| right derivations | {len(documents)} |",
        f"| rows in them called wrong | {false_alarms} |",
        f"| mutants | {len(all_)} |",
        f"| found | {found} ({found / len(all_):.1%}) |",
        f"| first wrong row exact | {exact} ({exact / len(all_):.1%}) |",
        f"| mistake named | {named} ({named / len(all_):.1%}) |",
        "",
        "| derivation | mutants | found | row exact | named |",
        "|---|---|---|---|---|",
    ]
    for name in documents:
        own = [o for o in all_ if o.document == name]
        sums = (sum(getattr(o, key) for o in own) for key in ("found", "exact", "same"))
        lines.append(f"| {name} | {len(own)} | {' | '.join(map(str, sums))} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Print the score, and what was missed; write it where a file is named."""
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(judged, FILES))
    outcomes = [outcome for _, found in results for outcome in found]
    alarms = sum(feedback.first_wrong is not None for feedback, _ in results)
    text = report(outcomes, alarms)
    print(text)  # noqa: T201 - a command
    for o in outcomes:
        if not (o.found and o.exact and o.same):
            print(f"{o.document}:{o.line} {o.mistake} -> {o.found} {o.exact} {o.named!r}: {o.written}")  # noqa: T201
    if arguments:
        Path(arguments[0]).write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
