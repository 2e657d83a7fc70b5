"""What starts, tests and measures the product on one machine; never imported by it."""
