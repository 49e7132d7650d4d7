"""Draws the sandbox's pictures: composed scenes that follow the words, the seed and the size. No noise, no model."""
