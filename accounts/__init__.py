"""People: who they are, what they may do, what they have to spend. Knows nothing of generations."""
