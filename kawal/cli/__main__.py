"""`python -m kawal.cli` is `kawal` where the project is not installed."""

from __future__ import annotations

import sys

from kawal.cli.entry import main

sys.exit(main())
