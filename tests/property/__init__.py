"""A second, slow calculator written from the rulebook alone, and random deliveries to compare it with."""
