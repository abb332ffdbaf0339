"""Checks: what 'derive verify' establishes about a model, its derivation and its generated code."""
