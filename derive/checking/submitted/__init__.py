"""Somebody's M-step on trial: run in a process of its own, held against Q, and shown where it fails."""
