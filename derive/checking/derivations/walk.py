"""Through a document row by row: each judged given what stands before it, what was defined and what is discussed."""

import re
from collections.abc import Mapping
from dataclasses import replace

from derive.checking.derivations.chain import EQUALITIES, ChainJudge, State, combined, differentiated_by
from derive.checking.derivations.definitions import argument_of, find_definitions, objective_key
from derive.checking.derivations.equations import Equations, families_in
from derive.checking.derivations.explain import Explainer, with_mistake
from derive.checking.derivations.finding import Finding, follows
from derive.checking.derivations.given import by_key
from derive.checking.derivations.introduces import introduces
from derive.checking.derivations.joining import merged, states_something
from derive.checking.derivations.judge import Judge, is_parameter
from derive.checking.derivations.judged import Attempt, Judged
from derive.checking.derivations.objectives import Objectives
from derive.checking.derivations.outcome import Row, Verdict
from derive.checking.derivations.posteriors import with_symbols
from derive.checking.derivations.problems import MisfitError, NotReadError
from derive.checking.derivations.reader import Reader
from derive.checking.derivations.recognise import recognise
from derive.checking.derivations.results import Results
from derive.checking.derivations.survey import survey
from derive.checking.derivations.symbols import written
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.derivations.worlds import UndecidableError, Worlds
from derive.checking.parsing.tree import Big, Chain, Node
from derive.checking.parsing.written import Document, Prose, Written
from derive.language.calculus_nodes import Named
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation

ABOUT = re.compile(
    r"(consider|respect to|w\.?\s?r\.?\s?t\.?|for|maximi[sz]\w+( over)?|minimi[sz]\w+( over)?|updat\w+( of| for)?|"
    r"differentiat\w+( by)?|derivatives?( by| in| of)?|over|in|find|step)\s*:?\s*"
    r"((a|the|each|one|single|fixed|all|mean|means|vector|matrix|matrices|covariances?|weights?|parameters?|"
    r"component|rate|rates|variances?|precision)\s+)*$",
    re.IGNORECASE,
)
SETS_ZERO = re.compile(r"\b(zero|vanish|stationar|equat|solv|first[- ]order|critical)", re.IGNORECASE)
STATES_NOTHING = ("in", "sim", "approx", "!=")


class Walk:
    """Walks through one document."""

    def __init__(self, document: Document, model: Mixture, derivation: Derivation, symbols: Mapping[str, str]) -> None:
        """symbols: name -> meaning, beside those in the document's front matter."""
        self.document = merged(document)
        self.survey = survey(self.document)
        self.vocabulary = recognise(model, self.survey, by_key({**document.symbols, **symbols}, model))
        self.worlds = Worlds(self.vocabulary, derivation)
        self.equations = Equations(self.worlds)
        self.judge = Judge(self.worlds, self.equations)
        self.state = State(self.equations)
        self.objectives = Objectives(self.worlds, self.equations)
        self.definitions = find_definitions(self.document, self.vocabulary)
        self.results = Results(self.worlds)
        self.explainer = Explainer(self.judge, derivation)
        self.prose = ""
        self.uses: set[str] = set()  # of the document's own names, in the row at hand
        self._given = document, model, derivation, symbols

    def anew(self) -> "Walk":
        """Return a walk through the same document from its beginning."""
        return Walk(*self._given)

    def run(self) -> list[Judged]:
        """Judge all rows."""
        found: list[Judged] = []
        for block in self.document.blocks:
            if isinstance(block, Prose):
                self.prose = f"{self.prose} {block.text}".strip()
                continue
            if not states_something(block):
                self._mention(block)
                continue
            finding = self._row(block)
            if finding is not None:
                found.append(
                    Judged(self._as_row(block, finding), finding, frozenset(self.uses & set(self.definitions)))
                )
                self.prose = ""
        return found

    def _as_row(self, block: Written, finding: Finding) -> Row:
        relation = next((r for chain in block.chains for r in chain.relations), "=")
        explained = self.explainer.explain(finding)
        finding = with_mistake(finding, explained)
        return Row(
            block.line,
            block.latex,
            finding.verdict,
            relation,
            finding.says,
            finding.mistake,
            explained.example,
            finding.remarks,
            explained.hint,
            column=block.column,
            cell=block.cell,
            prose=self.prose,
            display=block.display,
        )

    def _mention(self, block: Written) -> None:
        """A symbol in the text: perhaps what comes next is about it."""
        side = block.chains[0].sides[0] if block.chains else None
        if side is not None and ABOUT.search(self.prose):
            try:
                value = self.reader(old=False).read(side)
            except (NotReadError, MisfitError):
                value = None
            if value is not None and is_parameter(value):
                self._about(value)
        self.prose = f"{self.prose} ${block.latex}$".strip()

    def _about(self, value: Expr) -> None:
        parameters = set(self.vocabulary.model.parameters)
        families = [family for family in families_in(value) if family in parameters]
        if len(families) == 1:
            self.state.variable = families[0]

    def reader(self, *, old: bool) -> Reader:
        """Return a reader for the row at hand. old: whether labels such as old name the previous parameters."""
        return Reader(self.vocabulary, self.objectives.named, self.definitions, self.objectives.default, old=old)

    def _row(self, block: Written) -> Finding | None:
        if block.problem:
            self.state.last = None
            return Finding(Verdict.UNCHECKED, block.problem)
        self.uses = set()
        findings = [finding for chain in block.chains if (finding := self._chain(chain, block)) is not None]
        return combined(findings) if findings else None

    def _chain(self, chain: Chain, block: Written) -> Finding | None:
        if introduces(chain, self.vocabulary):
            return None
        if _poses_a_problem(chain) or all(relation in STATES_NOTHING for relation in chain.relations):
            return None
        try:
            return self._checked(chain, block)
        except NotReadError as error:
            self._lost(chain)
            return Finding(Verdict.UNCHECKED, f"not checked: {error} is not read here{_where(error.node, block)}")
        except MisfitError as error:
            self._lost(chain)
            return Finding(Verdict.WRONG, str(error), error.mistake)
        except UndecidableError as error:
            self._lost(chain)
            return Finding(Verdict.UNCHECKED, f"not decided: {error}")

    def _lost(self, chain: Chain) -> None:
        self.state.last = None
        if chain.sides[0] is not None:
            self.state.head = None

    def _checked(self, chain: Chain, block: Written) -> Finding | None:
        reader = self.reader(old=_assigns_parameter(chain, self.vocabulary))
        defined = self._definition(chain, reader, block)
        if defined is not None:
            return defined
        if chain.sides[0] is None and self.state.last is None:
            return Finding(Verdict.UNCHECKED, "not checked: it goes on from a row that was not read")
        attempt = self._attempt(chain, reader)
        self.uses |= reader.used
        if not attempt.findings:
            return None
        if attempt.wrong:
            attempt = self._otherwise(chain, reader, attempt)
        self.state = attempt.state
        self.results.note(attempt.first, attempt.others, attempt.findings)
        return combined(attempt.findings)

    def _attempt(self, chain: Chain, reader: Reader) -> Attempt:
        """Judge a chain as a reader reads it, without touching what stands before it."""
        state = replace(self.state, claims=list(self.state.claims))
        if chain.sides[0] is None:
            assert state.last is not None  # noqa: S101 - for the type checker
            first = state.last
        else:
            first = reader.read(chain.sides[0])
            first = first if _is_responsibility(first) else with_symbols(first, self.worlds)
            state.head, state.last, state.tainted = first, first, False
        given = _is_responsibility(state.head)
        others = [
            (relation, reader.read(side) if given else with_symbols(reader.read(side), self.worlds))
            for relation, side in zip(chain.relations, chain.sides[1:], strict=True)
            if side is not None and relation not in STATES_NOTHING
        ]
        for side in (first, *(side for _, side in others)):
            variable = differentiated_by(side)
            if variable is not None and variable in self.vocabulary.model.parameters:
                state.variable = variable
        announced = SETS_ZERO.search(self.prose) is not None
        findings = ChainJudge(self.judge, state, chain.link, reader.constants, announced).sides(first, others)
        return Attempt(first, others, findings, state)

    def _otherwise(self, chain: Chain, reader: Reader, attempt: Attempt) -> Attempt:
        """Judge a wrong chain with other meanings of its objectives: of an undefined one, or of a wrong one."""
        stated = list(self.equations.premises)
        if reader.undefined:
            for default in self.objectives.alternatives(tuple(reader.multipliers.values())):
                tried = self._attempt(chain, replace(self.reader(old=False), default=default))
                if not tried.wrong:
                    for multiplier in reader.multipliers.values():
                        self.equations.lagrangians[multiplier.name] = default
                    return tried
        if reader.used & set(self.objectives.theirs):
            theirs = self.objectives.named | self.objectives.theirs
            tried = self._attempt(chain, replace(self.reader(old=False), objectives=theirs))
            if not tried.wrong:
                return replace(tried, findings=[follows(finding) for finding in tried.findings])
        self.equations.premises[:] = stated
        return attempt

    def _definition(self, chain: Chain, reader: Reader, block: Written) -> Finding | None:
        """An objective that is defined here, or a name of the document's own."""
        head = chain.sides[0]
        if head is None or not chain.relations or chain.relations[0] not in (*EQUALITIES, "propto"):
            return None
        key = objective_key(head, self.vocabulary)
        if key is not None and not self.objectives.knows(key, argument_of(head)):
            return self._objective(key, chain, reader)
        found = written(head)
        name = None if found is None else self.vocabulary.key(found.name)
        if name is None or name not in self.definitions or len(chain.sides) < 2 or chain.sides[1] is None:
            return None
        if self.definitions[name].node is not chain.sides[1]:
            return None
        first = reader.read(chain.sides[1])
        self.state.head, self.state.last, self.state.tainted = first, first, False
        rest = [
            (relation, reader.read(side))
            for relation, side in zip(chain.relations[1:], chain.sides[2:], strict=True)
            if side is not None
        ]
        findings = ChainJudge(self.judge, self.state, chain.link, reader.constants).sides(first, rest)
        return combined([Finding(Verdict.RIGHT, f"defines {_text(head, block)}"), *findings])

    def _objective(self, key: str, chain: Chain, reader: Reader) -> Finding:
        side = chain.sides[1]
        assert side is not None  # noqa: S101 - for the type checker
        value = reader.read(side)
        loose = reader.constants or chain.relations[0] == "propto"
        argument = argument_of(chain.sides[0])
        if argument is not None and is_parameter(about := reader.read(argument)):
            self._about(about)
            loose = True
        finding = self.objectives.define(
            key, value, tuple(reader.multipliers.values()), self.prose, self.state.variable, loose=loose
        )
        self.objectives.arguments[key] = argument
        named = Named(key, key, value)
        state = self.state
        state.head, state.last, state.tainted = named, value, finding.verdict is Verdict.WRONG
        rest = [
            (relation, reader.read(side))
            for relation, side in zip(chain.relations[1:], chain.sides[2:], strict=True)
            if side is not None
        ]
        findings = ChainJudge(self.judge, state, chain.link, reader.constants).sides(value, rest)
        return combined([finding, *findings])

    @property
    def variable(self) -> Family | None:
        """The parameter under discussion."""
        return self.state.variable


def _is_responsibility(side: Expr | None) -> bool:
    return isinstance(side, Symbol) and side.family.role is Role.RESPONSIBILITY


def _poses_a_problem(chain: Chain) -> bool:
    return any(isinstance(side, Big) and side.kind in ("argmax", "argmin", "max", "min") for side in chain.sides)


def _assigns_parameter(chain: Chain, vocabulary: Vocabulary) -> bool:
    head = chain.sides[0]
    found = None if head is None else written(head)
    return found is not None and vocabulary.key(found.name) in vocabulary.names


def _where(node: Node | None, block: Written) -> str:
    if node is None or not 0 <= node.start < node.end <= len(block.latex):
        return ""
    return f" (at {block.latex[node.start : node.end]})"


def _text(node: Node, block: Written) -> str:
    text = block.latex[node.start : node.end]
    return text if text and text.count("{") == text.count("}") else block.latex.partition("=")[0].strip(" &:")
