"""From municipal figures to indicators of any area."""
