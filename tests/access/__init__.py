"""Who gets through which door: every address, every role, as a table that is published."""
