"""The ground: what bin/run, bin/manage and the proxy promise."""
