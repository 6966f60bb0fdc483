"""Files of reports as partners have them."""
