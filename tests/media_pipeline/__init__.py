"""Files that come in, are kept and go out again."""
