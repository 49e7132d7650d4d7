"""The library: what is put on its shelf, how it is searched, counted and paged."""
