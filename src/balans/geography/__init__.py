"""Divisions, reorganisations and regions: which municipalities make up an area, in any year."""
