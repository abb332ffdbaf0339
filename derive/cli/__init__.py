"""The command `derive`. Its parts are imported in command bodies, so that `derive --help` stays light."""

from derive.cli.main import main

__all__ = ["main"]
