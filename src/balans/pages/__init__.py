"""What each page of the book shows: one package per page, named as its path in the book."""
