"""What every student is to hand in, found out before anything is judged."""

from collections.abc import Sequence

from derive.checking.derivations.check import check_document
from derive.checking.grading.assignment import Assignment
from derive.checking.grading.graded import Expected
from derive.checking.grading.hand_ins import Kind, Student
from derive.checking.parsing.written import Document
from derive.errors import InputError
from derive.models.load import load_model


def expected_of(assignment: Assignment, students: Sequence[Student]) -> Expected:
    """What an assignment asks: its results, by default all of the model if somebody handed in a derivation.

    Raises InputError where it asks for a result that the model does not have.
    """
    kinds = {file.kind for student in students for file in student.files}
    if assignment.results is None and Kind.DERIVATION not in kinds:
        return Expected((), derivation=False, functions=assignment.functions or ())
    model = load_model(assignment.model) if assignment.model else None
    has = tuple(name for name, _ in check_document(Document("", ()), model).results)
    named = {"asked.results": assignment.results or (), "points.results": tuple(assignment.points.results)}
    for key, names in named.items():
        for name in names:
            if name not in has:
                raise InputError(f"assignment: {key}: the model has no result {name!r}; it has {', '.join(has)}")
    results = assignment.results if assignment.results is not None else has
    return Expected(results, derivation=bool(results) or Kind.DERIVATION in kinds, functions=assignment.functions or ())
