"""A process that judges one file after the other; whatever happens to it costs one file only.

Started by `derive.checking.grading.pool`.
"""

import sys

from derive.checking.grading.judge import judge
from derive.checking.grading.serving import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), judge)
