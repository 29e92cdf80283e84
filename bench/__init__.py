"""Measures the figures of the README. ``make bench`` prints them as a table."""
