"""What plans knows of the registry's facts."""
