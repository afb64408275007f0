"""Divisions, regions and what they are made of."""
