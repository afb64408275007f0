"""Chapter 3 in figures."""
