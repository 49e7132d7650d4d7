"""Higgsfield's HTTP API as the sandbox speaks it: requests, job sets of the old API, files, estimates. No agents."""
