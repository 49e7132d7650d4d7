"""The larger models at real work. Collected where they are installed: bin/test --whole."""
