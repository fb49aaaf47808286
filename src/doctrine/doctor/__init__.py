"""What stands in the way of a good verdict, told before anything runs."""
