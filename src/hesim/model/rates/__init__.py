"""Turn config and tables into the numbers that the processes take."""
