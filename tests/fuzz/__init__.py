"""Requests nobody would think of, made from the API's own document and from recorded bodies."""
