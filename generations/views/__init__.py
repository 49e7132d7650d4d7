"""Pages and fragments. Fetch for this person, one action, render."""
