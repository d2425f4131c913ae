"""Documents that are made by code: the diagrams of the architecture."""
