"""Open311 GeoReport v2, with FixMyStreet's updates extension: docs/intake-open311.md."""
