"""A URL goes in, a safe, known, stored thing comes out; and only its owner gets it back."""
