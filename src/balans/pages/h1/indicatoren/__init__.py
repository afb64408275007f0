"""Indicators per region."""
