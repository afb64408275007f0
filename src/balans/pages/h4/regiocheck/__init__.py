"""The regiocheck."""
