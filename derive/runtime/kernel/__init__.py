"""One EM iteration in one pass over the data, block by block: no array has a row for each sample.

What a model brings is in its generated module; what is the same for all of them is here: blocks that fit the cache,
buffers, threads, and which way to compute is the better one.
"""

from derive.runtime.kernel.kernel import Kernel, em_step

__all__ = ["Kernel", "em_step"]
