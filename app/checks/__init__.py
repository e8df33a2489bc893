"""The checks of `dalleserver doctor`. Each returns findings, with what to do about a bad one."""
