"""Figures, maps and tables: one look."""
