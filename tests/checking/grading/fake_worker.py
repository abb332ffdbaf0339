"""A process that judges as the file says: "right", "wrong", "hang", "exit", "die", "raise", "flood" or "count"."""

import os
import sys
import time
from pathlib import Path

from derive.checking.feedback.gradescope import Earned
from derive.checking.grading.job import Job
from derive.checking.grading.judged import Judged, State
from derive.checking.grading.serving import serve


def judge(job: Job) -> Judged:
    path = Path(job.path)
    said = path.read_text().strip()
    with (path.parents[1] / "log.txt").open("a") as log:
        log.write(f"{job.name}\n")
    with (path.parents[1] / "processes.txt").open("a") as log:
        log.write(f"{os.getpid()}\n")
    match said:
        case "hang":
            time.sleep(3600)
        case "exit":
            os._exit(0)
        case "die":
            os.kill(os.getpid(), 9)
        case "raise":
            raise ValueError("a fault\nof two lines")
        case "flood":
            os.write(int(sys.argv[2]), b"\xff" * 4096)
        case "memory":
            raise MemoryError
    right = said == "right"
    earned = (
        Earned("Result: means", 3.0 * right, 3.0, passed=right),
        Earned("Rows", 5.0 if right else 2.5, 5.0, passed=right),
    )
    mistakes = () if right else ("inverse-lost",)
    state = State.RIGHT if right else State.WRONG
    results = {"means": "right" if right else "wrong"}
    return Judged(
        job.name, job.kind.value, state, said, 1.0, None if right else 7, results, mistakes, earned, section="<p>s</p>"
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), judge)
