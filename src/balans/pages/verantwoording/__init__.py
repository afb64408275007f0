"""How the book accounts for itself."""
