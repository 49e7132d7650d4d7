"""A trial of the models: the smallest wish for each of their tasks, asked for as a program does, and what came judged.

Nothing of the studio is gone around: files come through the upload, wishes and answers through the API. What drives it
is `try_models`.
"""
