"""Source tables: what is stored in data/raw and how it reads."""
