"""Chapter 2 in figures."""
