"""Nine ways to get the design wrong. Each is planted in a copy of the code, and the tests named beside it must fail."""
