"""The shared library (`core`), the deployer (`deploy`), the verifier (`verify`) and the command line."""
