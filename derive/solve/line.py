"""One line of a solution: an equation, and how it follows from the line before."""

from dataclasses import dataclass

from derive.language.expr import Expr
from derive.proof.step import Assumption, Combined, Located, Move, Relation


@dataclass(frozen=True)
class Line:
    """left = right, obtained from the line before (or from "gradient = 0") by ``move``.

    A line whose relation is ``=``, ``<=`` or ``>=`` stands for itself and has no move: a derivative, its sign.

    back: 1 for the line before; 2 for the one before that, and so on, where a line builds on an earlier one.
    """

    left: Expr
    right: Expr
    move: Move | None
    words: str
    rule: str
    relation: Relation = Relation.EQUIVALENT
    assumptions: tuple[Assumption, ...] = ()
    back: int = 1
    source: str = ""

    def numbered_move(self, numbers: list[int]) -> Move | None:
        """Return the move with the equation that it combines named by its number in the derivation.

        numbers: of the steps so far, the last one first from the end. ``Combined`` and ``Located`` written here count
        the step that they name as steps back.
        """
        if isinstance(self.move, Combined):
            return Combined(numbers[-self.move.other], self.move.factor)
        if isinstance(self.move, Located):
            return Located(numbers[-self.move.monotone])
        return self.move
