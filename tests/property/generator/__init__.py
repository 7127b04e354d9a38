"""Random deliveries in which the rules meet each other as often as possible."""
