"""What health checks and `doctor` look at."""
