"""Runs the command line: python -m tillstream."""

from tillstream.cli import main

# A process that another one starts for a piece of work imports this too.
if __name__ == "__main__":
    main()
