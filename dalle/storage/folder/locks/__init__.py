"""Who may decide about a key, and who works on it: guards and claims."""
