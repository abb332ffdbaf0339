"""Timing one EM iteration beside other programs and beside the machine's limit.

All programs start from the same parameters and do the same work, in turns. One whose result differs is not ranked.
"""
