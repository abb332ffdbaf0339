"""M-steps of other libraries."""
