"""The official Leefbaarometer through the years: districts, carried to areas."""
