"""Refresh ``data/raw`` from the sources: one client, CBS's two dialects, the other publishers, nothing lost."""
