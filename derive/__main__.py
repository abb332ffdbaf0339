"""`python -m derive` is the command `derive`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the working folder: a file numpy.py in it is data of the user's, not NumPy

    from derive.cli import main

    sys.exit(main())
