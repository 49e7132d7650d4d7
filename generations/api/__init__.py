"""The studio for programs: the same actions as in the browser, in JSON."""
