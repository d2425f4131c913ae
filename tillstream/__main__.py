"""Runs the command line: python -m tillstream."""

from tillstream.cli import main

main()
