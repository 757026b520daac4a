"""All tables of a store, those of the ledger too, for whoever copies, clears or makes them."""

from __future__ import annotations

import pipeline.tracker.models  # noqa: F401  (adds its tables)
from pipeline.store.models import Base

metadata = Base.metadata
