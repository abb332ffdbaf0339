"""Tests of derive/runtime/benchmark."""
