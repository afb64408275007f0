"""Chapter 4: Van krimp naar kracht."""
