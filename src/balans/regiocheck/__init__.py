"""The regiocheck: what the allocation key or the norm of a national policy does to each region."""
