"""Tell what happened to one person and in one institution, by the rules of the model itself."""
