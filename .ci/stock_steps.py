"""The stock client of the sandbox whose address is the argument, and what was done with it."""

import importlib.metadata
import sys

from qdrant_client import QdrantClient, models

VERSION = importlib.metadata.version("qdrant-client")
done = []
# Newer clients would otherwise complain that the server is older than they are.
client = QdrantClient(url=sys.argv[1], check_compatibility=False) if hasattr(
    models, "Mmr") else QdrantClient(url=sys.argv[1])


def step(name, truth):
    """Notes what was done; what is not as it must be ends the run."""
    if not truth:
        sys.exit(f"qdrant-client {VERSION}: {name}: not as expected")
    done.append(name)
