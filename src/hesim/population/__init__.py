"""The stock of January 2011 and the employers it works for."""
