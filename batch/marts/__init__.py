"""The marts: a dbt project, and the command that builds it."""
