"""What a host keeps to itself on its disk, whatever engine it uses."""
