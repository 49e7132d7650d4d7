"""The whole system under load while its processes die, stand still and lose their memory: bin/chaos."""
