"""Someone asked for a picture; here is everything that can happen to that wish."""
