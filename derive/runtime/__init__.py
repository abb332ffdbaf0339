"""Running generated modules: reading data, starting and driving EM, predicting, storing, plotting.

Models are known by the interface of their generated module (`protocol.py`), never by name.
"""
