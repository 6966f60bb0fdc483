"""What an organisation is known by elsewhere: other spellings, codes of clusters, ids of other systems."""
