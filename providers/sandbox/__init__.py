"""A small server that speaks the providers' wire contracts on loopback, for the demo and for tests. Imports no Django."""
