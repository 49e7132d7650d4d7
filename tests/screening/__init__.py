"""Every room of the studio and the way into it: for the pictures below docs/screens and for tests."""
