"""One module a provider, named in providers.registry. No Django, no database, no settings."""
