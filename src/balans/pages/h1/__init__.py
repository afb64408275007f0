"""Chapter 1: Cumulatie van achterstanden."""
