"""The `tansiq` command, a module for each thing it does."""
