"""A small server that speaks the providers' wire contracts on loopback, for demo and tests. Imports no Django."""
