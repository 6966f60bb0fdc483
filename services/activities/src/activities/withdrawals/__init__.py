"""Reports taken back: one, all that a file made, or what a file that replaces did not hold; and the way back."""
