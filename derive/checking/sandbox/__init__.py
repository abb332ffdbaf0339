"""Running code that nobody trusts: bubblewrap, a filter of system calls, and limits."""
