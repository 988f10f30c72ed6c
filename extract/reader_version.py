"""The version of everything that reads."""

READER_VERSION = 5
"""Raised whenever what is read from the same bytes may change: then archived documents are read again."""
