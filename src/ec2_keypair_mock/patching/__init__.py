"""Attributes of other libraries that are replaced, and hooks on their import."""
