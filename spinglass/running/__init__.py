"""Work in chunks on any executor: streams of random numbers, workers, a store that survives a kill."""
