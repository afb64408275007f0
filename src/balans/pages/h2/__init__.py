"""Chapter 2: Vitale krimpregio's."""
