"""Run the command line: python -m tillstream."""

from tillstream.cli import main

# A worker process imports this module too and must not start the command line.
if __name__ == "__main__":
    main()
