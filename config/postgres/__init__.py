"""The database engine of this project: Django's for PostgreSQL, with a cheaper question before a request."""
