"""Documents that code makes: the diagrams of the architecture."""
