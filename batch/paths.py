"""Where the batch keeps its files."""

from pathlib import Path

#: The volume in which Great Expectations keeps its project.
HOME = Path("/batch")
#: Data Docs; the marts' page stands beside them.
SITE = HOME / "gx" / "uncommitted" / "data_docs" / "local_site"
