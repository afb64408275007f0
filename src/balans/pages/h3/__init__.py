"""Chapter 3: Investeren."""
