"""Nederland in balans: indicators, projections and claims per Dutch region, from open figures to a book."""
