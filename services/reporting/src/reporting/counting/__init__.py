"""From reports to cells: what is counted once, and where."""
