"""The names under which a model is known: gateways put paths before a model's name, and variants behind it."""


def names_of(model: str) -> tuple[str, ...]:
    """Return the names by which prices and capabilities are looked up, the most specific first.

    `OpenRouter/openai/GPT-Image-2:free` is known as itself, then in lower case, as `gpt-image-2:free` and as
    `gpt-image-2`; `openai:gpt-image-2` as `gpt-image-2` too. A variant says how a gateway routes, not what the model
    can do; and `:free` is a promise of the gateway's that no budget should rely on, so it costs what the model costs.
    """
    lowered = model.strip().lower()
    last = lowered.rstrip("/").rpartition("/")[2]
    return tuple(dict.fromkeys((model, lowered, last, *(part for part in last.split(":") if part))))
