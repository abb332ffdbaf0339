"""From update equations to an immutable array program: lower, transform by checked passes, interpret."""
