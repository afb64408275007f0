"""What Sphinx does with our pages: roles for figures, regions and claims in prose, and outputs of notebooks."""
