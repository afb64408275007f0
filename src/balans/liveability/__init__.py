"""A liveability index from open figures, held against the official Leefbaarometer."""
