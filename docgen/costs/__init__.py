"""What the platform costs a month, in three designs and at three sizes: `make costs` writes docs/costs/README.md from docs/costs/model.yaml."""
