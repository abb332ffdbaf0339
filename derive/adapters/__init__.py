"""M-steps of other libraries in the signature of generated ones, for ``derive verify MODEL --m-step``.

Each file needs the library that it is named after.
"""
