"""Lighthouse, from its npm package, at the pages of a running studio."""
