"""From update equations to an immutable array program, and the passes over it."""
