"""Requests nobody would think of, made from the API's own document; deliveries and files, made from good ones."""
