"""Where tasks are done: here, in processes, on Dask or on Slurm, behind one interface."""
