"""Sources: what is stored in ``data/raw``, and how it is brought up to date."""
