"""Open311 GeoReport v2, with the updates extension that FixMyStreet speaks: docs/intake-open311.md."""
