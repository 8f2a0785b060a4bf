"""The command line: ``python -m spinglass complexity | thresholds | count | check | figures | warm``."""

import sys

from spinglass.command_line.program import main

if __name__ == "__main__":
    sys.exit(main())
