"""Tables of any kind as rows of text: workbooks behind walls, and what kind of file it is."""
