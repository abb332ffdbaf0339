"""A whole class: every hand-in of a folder judged, a table, a page each, a summary."""
