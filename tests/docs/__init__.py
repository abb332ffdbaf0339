"""The documentation is current."""
