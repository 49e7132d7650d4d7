"""Sockets: one hub a process that listens to Redis and the database, one consumer a tab."""
