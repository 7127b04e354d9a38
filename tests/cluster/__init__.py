"""Tests on a real cluster of this machine (`make test-spark`); `make test` does without Java and Spark."""
