"""Reading of hand-ins."""
