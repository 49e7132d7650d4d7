"""What people are told of: once, in their words, by the ways they chose."""
