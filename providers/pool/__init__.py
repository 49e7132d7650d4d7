"""The token pool: who speaks next (taking), how it went (reporting), what operators see (overview).

    taken = taking.take(provider, endpoint, attempt_id)       in the transaction that opens the attempt
    reporting.submission(credential, endpoint, error | None)  after the call
    taking.release(attempt_id)                                in the transaction that ends the provider's work

States and times go by the database's clock. Nothing here calls a provider but `checking`.
"""
