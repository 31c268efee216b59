"""Write a run or a study up as one HTML file that needs nothing else."""
