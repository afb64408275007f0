"""How numbers, verdicts, lists and names are written in Dutch: one vocabulary for the whole book."""
