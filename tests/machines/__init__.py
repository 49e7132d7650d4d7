"""Random walks against a model in plain Python, on the real database and services: whatever happens, in any order."""
