"""One line of a solution: an equation, and how it follows from the line before."""

from dataclasses import dataclass

from derive.language.expr import Expr
from derive.proof.step import Assumption, Combined, Move, Relation


@dataclass(frozen=True)
class Line:
    """left = right, obtained from the line before (or from "gradient = 0") by ``move``.

    back: 1 for the line before; 2 for the one before that, and so on, where a line builds on an earlier one.
    """

    left: Expr
    right: Expr
    move: Move
    words: str
    rule: str
    relation: Relation = Relation.EQUIVALENT
    assumptions: tuple[Assumption, ...] = ()
    back: int = 1

    def numbered_move(self, numbers: list[int]) -> Move:
        """Return the move with the equation that it combines named by its number in the derivation.

        numbers: of the steps so far, the last one first from the end. A ``Combined`` move written here counts its other
        equation as steps back.
        """
        if isinstance(self.move, Combined):
            return Combined(numbers[-self.move.other], self.move.factor)
        return self.move
