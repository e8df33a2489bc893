"""What variables and files say."""
