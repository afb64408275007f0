"""The analyses of chapter 1, as functions from tables to tidy tables."""
