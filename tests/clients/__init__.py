"""The vendors' own JavaScript clients against the sandbox, each as it is published."""
