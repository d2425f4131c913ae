"""The folders of the batch."""

from pathlib import Path

#: Volume with the Great Expectations project.
HOME = Path("/batch")
#: Data Docs and the page of the marts.
SITE = HOME / "gx" / "uncommitted" / "data_docs" / "local_site"
