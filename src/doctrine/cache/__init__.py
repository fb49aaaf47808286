"""What is kept between runs, and what it may be reused for."""
