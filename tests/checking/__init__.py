"""What `derive verify` checks."""
