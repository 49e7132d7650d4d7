"""fal as the sandbox speaks it: queue, synchronous runs, storage, files, list of requests, signed webhooks."""

PROVIDER = "fal"
