"""Running notebooks, pages and the site."""
