"""Tools of the developers: the lock, set-up, and where definitions came from."""
