"""The scrutineers' pages: my key, its test, the roll, the count and its record."""
