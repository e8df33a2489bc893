"""The names of models: gateways put the way to a model before its name, and a variant behind it."""


def bare_names(model: str) -> tuple[str, ...]:
    """Return what may be the model's own name, in lower case: the parts of what follows the last slash.

    `OpenRouter/openai/GPT-Image-2:free` and `openai:gpt-image-2` are both known as `gpt-image-2`. A variant says how a
    gateway routes, not what the model can do; and `:free` is a gateway's promise on which no budget should rely, so
    it is priced as the model is.
    """
    last = model.strip().lower().rstrip("/").rpartition("/")[2]
    return tuple(part for part in last.split(":") if part)


def all_names(model: str) -> tuple[str, ...]:
    """Return the names under which an operator may have listed a model, the most specific first."""
    lowered = model.strip().lower()
    last = lowered.rstrip("/").rpartition("/")[2]
    return tuple(dict.fromkeys((model, lowered, last, *bare_names(model))))
