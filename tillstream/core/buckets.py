"""The buckets of the object store."""

#: The lake's tables; Flink's checkpoints and savepoints; where dumps land.
LAKE, CHECKPOINTS, LANDING = "lake", "flink", "landing"
#: Rejected texts are kept here unchanged, with their personal data. Only the root user can read them, to find out what went wrong.
ORIGINALS = "voice-originals"
#: PHOTOS has the photos as customers sent them, for as long as a job needs them. COPIES has the copies on which nobody can be recognised.
PHOTOS, COPIES = "voice-photos", "voice-copies"
BUCKETS = (LAKE, CHECKPOINTS, LANDING, ORIGINALS, PHOTOS, COPIES)

#: The buckets that SQL names, by their names in the templates.
SQL = {"lake_bucket": LAKE, "photos_bucket": PHOTOS}
