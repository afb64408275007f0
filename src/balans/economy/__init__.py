"""Chapter 2: industry by region, and people and product within reach across the border."""
