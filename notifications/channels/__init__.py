"""Ways out of the studio: letters, and what is plugged in beside them. What a page does itself is no channel here."""
