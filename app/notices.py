"""What is valid and yet may not do what an operator expects of it: settings that are not sent, missing prices."""

from collections.abc import Collection, Iterator

from app.config import Config
from app.wiring import provider_settings
from dalle.limits.prices import Prices
from dalle.painters.openai.parameters import (
    RESERVED,
    family_of,
    not_taken,
    quality_for,
    replaced,
    sampling_of,
)

VARIABLES = {
    "size": "TB_DALLE_IMAGE_SIZE",
    "quality": "TB_DALLE_IMAGE_QUALITY",
    "style": "TB_DALLE_IMAGE_STYLE",
    "moderation": "TB_DALLE_IMAGE_MODERATION",
    "output_format": "TB_DALLE_IMAGE_FORMAT",
}
SAMPLING = {"temperature": "TB_DALLE_CHAT_TEMPERATURE", "seed": "TB_DALLE_CHAT_SEED"}


def notices(config: Config, given: Collection[str] = ()) -> list[str]:
    """Returns one sentence for each; none if nothing is paid. `given`: the variables that the operator has set."""
    if not config.pays:
        return []
    return [
        *unsent(config),
        *unknown_quality(config),
        *unsent_sampling(config, given),
        *one_model(config),
        *without_price(config),
    ]


def unsent(config: Config) -> Iterator[str]:
    """Settings of the image call that do not reach the provider."""
    choices = provider_settings(config).choices
    for model in image_models(config):
        for name in not_taken(model, choices):
            yield (
                f"{VARIABLES[name]}={choices.named[name]} is not sent to {model}, which is not known to take it; "
                f'TB_DALLE_IMAGE_PARAMS={{"{name}": …}} would send it'
            )
    for name in replaced(choices):
        yield f"{VARIABLES[name]}={choices.named[name]} is not sent: TB_DALLE_IMAGE_PARAMS has another {name}"
    for name in sorted(RESERVED & choices.extra.keys()):
        yield f"{name} in TB_DALLE_IMAGE_PARAMS is not sent: the service decides about it"


def unknown_quality(config: Config) -> Iterator[str]:
    """A quality that a model is not known to have: the provider may refuse each call, or a gateway may translate it."""
    choices = provider_settings(config).choices
    for model in image_models(config):
        quality, known = quality_for(model, choices), family_of(model).qualities
        if quality and known and quality not in known:
            yield (
                f"the quality {quality} is not one that {model} is known to have ({', '.join(known)}): "
                "the provider may refuse each call"
            )


def unsent_sampling(config: Config, given: Collection[str]) -> Iterator[str]:
    """Settings of the enhancement that do not reach the provider."""
    if config.no_enhance:
        return
    takes = sampling_of(config.chat_model)
    values = {"temperature": config.chat_temperature, "seed": config.chat_seed}
    for name, variable in SAMPLING.items():
        if name not in takes and variable in given:
            yield f"{variable}={values[name]} is not sent to {config.chat_model}, which does not take it"


def one_model(config: Config) -> Iterator[str]:
    """Models that cannot be reached, because the base URL leads to one deployment."""
    if not config.endpoint.has_deployment:
        return
    if not config.no_enhance:
        yield (
            f"OPENAI_BASE_URL leads to one deployment, so {config.chat_model} cannot enhance prompts: "
            "set TB_DALLE_NO_ENHANCE=1, or a base URL without deployment"
        )
    if config.fallback_models:
        yield "TB_DALLE_FALLBACK_MODELS is without effect: OPENAI_BASE_URL leads to one deployment"


def without_price(config: Config) -> Iterator[str]:
    """Models whose calls count as 0 USD in budget, costs and metrics."""
    prices = Prices(config.prices)
    missing = [model for model in image_models(config) if not prices.knows(model)]
    if not config.no_enhance and not prices.knows_tokens(config.chat_model):
        missing.append(config.chat_model)
    for model in dict.fromkeys(missing):
        yield f"no price is known for {model}, so it counts as 0 USD: TB_DALLE_PRICES can have one"


def image_models(config: Config) -> tuple[str, ...]:
    return tuple(dict.fromkeys((config.image_model, *config.fallback_models)))
