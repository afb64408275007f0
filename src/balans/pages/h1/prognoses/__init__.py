"""Projections and how good they are."""
