"""How the studio speaks to those who make pictures. Values in, values out; nothing here knows who asked."""

__version__ = "0.1.0"
