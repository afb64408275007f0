"""Liveability."""
