"""Bytes of a cluster: in a bucket once, and on the local disk of each host that has sent them."""
