"""People at the door: their cookie, what it is exchanged for, and the forms by which they come and go."""
