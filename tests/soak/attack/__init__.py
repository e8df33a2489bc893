"""Random harm of many kinds against real services, with an audit of everything after each round."""
