"""Disadvantages in figures."""
