"""What a person does: ask, cancel, ask again, look. Each action says in its exceptions what can be wrong."""
