"""Data as blocks of rows that can be walked more than once: arrays, files and frames larger than memory."""

from derive.runtime.sources.block import Block
from derive.runtime.sources.opening import as_source, open_source
from derive.runtime.sources.protocol import Source

__all__ = ["Block", "Source", "as_source", "open_source"]
