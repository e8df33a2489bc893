"""What only the older server writes into a data folder: read, never changed."""
