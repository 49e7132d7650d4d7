"""One machine without root or Docker: the story behind bin/run, bin/manage and the tests' own services.

Nothing here knows a generation, a person or a provider, and no server imports it.
"""
