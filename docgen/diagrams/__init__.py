"""The diagrams of the architecture, drawn from the topology and the contracts."""
