"""Processes that kill themselves at named moments, many times each: bin/crash-points."""
