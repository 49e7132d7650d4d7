"""Outside-in: through a URL, a task, a command or a socket, on real services."""
