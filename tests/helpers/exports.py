"""Exported models in nn~'s convention, tiny, made with TorchScript for the tests.

Each latent is the level of a partial of `RATIO` samples a period, and encoding is the inverse of
decoding. What is decoded comes `delay` samples late, through a buffer with a row for each voice.
"""

import math
from pathlib import Path

import torch
from torch import Tensor, nn

DIMS, RATIO, ROWS, RATE, DELAY = 4, 64, 64, 44100, 100


class Padded(nn.Module):
    """What RAVE calls a cached padding: what comes in is given `late` samples later."""

    def __init__(self, late: int, channels: int = 1) -> None:
        super().__init__()
        self.register_buffer("pad", torch.zeros(ROWS, channels, late))

    def forward(self, x: Tensor) -> Tensor:
        rows = x.shape[0]
        joined = torch.cat([self.pad[:rows], x], -1)
        self.pad[:rows] = joined[..., x.shape[-1] :]
        return joined[..., : x.shape[-1]]


class Cached(nn.Module):
    """The same, by the name that others give the buffer."""

    def __init__(self, late: int, channels: int = 1) -> None:
        super().__init__()
        self.register_buffer("cache", torch.zeros(ROWS, channels, late))

    def forward(self, x: Tensor) -> Tensor:
        rows = x.shape[0]
        joined = torch.cat([self.cache[:rows], x], -1)
        self.cache[:rows] = joined[..., x.shape[-1] :]
        return joined[..., : x.shape[-1]]


class Partials(nn.Module):
    """`dims` latents as levels of partials; `noise` draws from torch's generator."""

    def __init__(
        self,
        dims: int = DIMS,
        ratio: int = RATIO,
        delay: int = DELAY,
        channels: int = 1,
        noise: float = 0.0,
        rate: int | None = RATE,
        buffer: str = "pad",
    ) -> None:
        super().__init__()
        self.dims, self.ratio, self.channels, self.noise = dims, ratio, channels, noise
        turns = torch.arange(ratio) / ratio
        self.register_buffer("table", torch.sin(2 * math.pi * torch.arange(1, dims + 1)[:, None] * turns))
        self.late = {"pad": Padded, "cache": Cached}[buffer](delay, channels) if delay else nn.Identity()
        if rate is not None:
            self.sr = rate
        self.method("encode", channels, 1, dims, ratio)
        self.method("decode", dims, ratio, channels, 1)
        self.method("forward", channels, 1, channels, 1)

    def method(self, name: str, *params: int) -> None:
        """Register a method as the convention has it."""
        self.register_buffer(f"{name}_params", torch.tensor(params))
        setattr(self, f"{name}_input_labels", [f"(signal) {name} in {n}" for n in range(params[0])])
        setattr(self, f"{name}_output_labels", [f"(signal) {name} out {n}" for n in range(params[2])])

    def sounding(self, z: Tensor) -> Tensor:
        """Latents (B, D, T) → samples (B, channels, T × ratio)."""
        y = torch.einsum("bdt,dn->btn", z, self.table).reshape(z.shape[0], 1, -1)
        y = y + self.noise * torch.randn_like(y)
        return self.late(y.repeat(1, self.channels, 1))

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        return self.sounding(z)

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        y = x.mean(1).reshape(x.shape[0], -1, self.ratio)
        return torch.einsum("btn,dn->bdt", y, self.table) * (2.0 / self.ratio)

    def forward(self, x: Tensor) -> Tensor:
        return self.sounding(self.encode(x))


class Listed(Partials):
    """As nn_tilde has it: lists of what there is, attributes of each type, a prior."""

    gain: tuple[float]
    mute: tuple[bool]
    octave: tuple[int]
    colour: tuple[str]
    place: tuple[float, float]
    wave: tuple[Tensor]

    def __init__(self, **sizes: int) -> None:
        super().__init__(**sizes)
        self._methods = ["encode", "decode", "forward", "prior"]
        self._attributes = ["gain", "mute", "octave", "colour", "place", "wave"]
        self.gain, self.mute, self.octave = (1.0,), (False,), (0,)
        self.colour, self.place, self.wave = ("warm",), (0.0, 1.0), (torch.zeros(3),)
        types = {"gain": [2], "mute": [0], "octave": [1], "colour": [3], "place": [2, 2], "wave": [4]}
        for name, numbers in types.items():
            self.register_buffer(f"{name}_params", torch.tensor(numbers))
        self.method("prior", 1, self.ratio, self.dims, self.ratio)
        self.register_buffer("previous", torch.full((ROWS, self.dims, 1), 0.1))

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        quiet = 0.0 if self.mute[0] else self.gain[0]
        return self.sounding(z * quiet * float(2 ** self.octave[0]))

    @torch.jit.export
    def prior(self, temperature: Tensor) -> Tensor:
        steps: list[Tensor] = []
        rows = temperature.shape[0]
        for step in range(temperature.shape[-1]):
            drawn = torch.randn(rows, self.dims, 1) * temperature[..., step : step + 1]
            self.previous[:rows] = 0.9 * self.previous[:rows] + drawn
            steps.append(self.previous[:rows].clone())
        return torch.cat(steps, -1)

    @torch.jit.export
    def get_methods(self) -> list[str]:
        return self._methods

    @torch.jit.export
    def get_attributes(self) -> list[str]:
        return self._attributes

    @torch.jit.export
    def get_gain(self) -> float:  # as v1.5 has it
        return self.gain[0]

    @torch.jit.export
    def set_gain(self, gain: float) -> int:
        if gain > 10.0:
            return -1
        self.gain = (gain,)
        return 0

    @torch.jit.export
    def get_mute(self) -> tuple[bool]:  # as v1.6
        return self.mute

    @torch.jit.export
    def set_mute(self, mute: bool) -> int:
        self.mute = (mute,)
        return 0

    @torch.jit.export
    def get_octave(self) -> tuple[int]:
        return self.octave

    @torch.jit.export
    def set_octave(self, octave: int) -> int:
        self.octave = (octave,)
        return 0

    @torch.jit.export
    def get_colour(self) -> tuple[str]:
        return self.colour

    @torch.jit.export
    def set_colour(self, colour: str) -> int:
        self.colour = (colour,)
        return 0

    @torch.jit.export
    def get_place(self) -> tuple[float, float]:
        return self.place

    @torch.jit.export
    def set_place(self, x: float, y: float) -> int:
        self.place = (x, y)
        return 0

    @torch.jit.export
    def get_wave(self) -> tuple[Tensor]:
        return self.wave

    @torch.jit.export
    def set_wave(self, wave: Tensor) -> int:
        self.wave = (wave,)
        return 0


class ResidualVectorQuantization(nn.Module):
    """Whole numbers from 0 to 15 as levels from 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.codebook_size = 16

    def forward(self, z: Tensor) -> Tensor:
        return z.clamp(0, 15).long() / 15.0


class DiscreteScripted(Partials):
    """Latents are codes."""

    def __init__(self, **sizes: int) -> None:
        super().__init__(**sizes)
        self.rvq = ResidualVectorQuantization()

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        return self.sounding(self.rvq(z))

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        y = x.mean(1).reshape(x.shape[0], -1, self.ratio)
        levels = torch.einsum("btn,dn->bdt", y, self.table) * (2.0 / self.ratio)
        return (levels * 15.0).round().clamp(0, 15)


class Crashing(Partials):
    """Ends its process by reading where it may not, once a first latent is above 5."""

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        if bool((z[:, 0] > 5).any()):
            beyond = torch.full((1,), 1 << 40, dtype=torch.long)
            return torch.segment_reduce(z[0, 0], "sum", lengths=beyond, axis=0, unsafe=True)
        return self.sounding(z)


class Hanging(Partials):
    """Never comes back, once a first latent is above 5."""

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        while bool((z[:, 0] > 5).any()):
            z = z + 0.0
        return self.sounding(z)


class Leaking(Partials):
    """Keeps four megabytes with each call."""

    kept: list[Tensor]

    def __init__(self, **sizes: int) -> None:
        super().__init__(**sizes)
        self.kept = []

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        self.kept.append(torch.zeros(1 << 20) + 1.0)
        return self.sounding(z)


class Raising(Partials):
    """Raises once a first latent is above 5."""

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        assert not bool((z[:, 0] > 5).any()), "no such sound"
        return self.sounding(z)


class Bad(Partials):
    """Gives what is no number once a first latent is above 5."""

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        y = self.sounding(z)
        return y / 0.0 if bool((z[:, 0] > 5).any()) else y


class Paired(Partials):
    """Two channels, each with an entry of the buffer for itself; its exporter left no numbers in some."""

    def __init__(self) -> None:
        super().__init__(delay=0, channels=2, noise=0.1)
        self.own = Padded(DELAY)
        self.own.pad[:4] = math.nan

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        y = self.sounding(z) * torch.tensor([1.0, 0.5])[None, :, None]
        return self.own(y.reshape(-1, 1, y.shape[-1])).reshape(z.shape[0], 2, -1)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


class OneRow(Partials):
    """Two channels of as many rows: what RAVE makes of one channel has one row, whatever comes in."""

    def __init__(self, **sizes: int) -> None:
        super().__init__(**sizes)
        self.method("decode", self.dims, self.ratio, 2, 1)
        self.method("forward", 1, 1, 2, 1)

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        y = self.sounding(z.repeat(2, 1, 1)[:2])
        return torch.cat([y[:1], y[1:]], 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


class Numbered(Partials):
    """As the first RAVE: the rate is a buffer, and lists of methods there are none."""

    def __init__(self, **sizes: int) -> None:
        super().__init__(rate=None, **sizes)
        self.register_buffer("sampling_rate", torch.tensor(RATE))


class Wrapped(nn.Module):
    """A model in another's `model`, as Neutone has it."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Partials()

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class Combined(nn.Module):
    """A model in another's `_rave`, beside a prior, and all of it in a `model`."""

    def __init__(self) -> None:
        super().__init__()
        self._rave = Numbered()
        self._prior = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self._rave(x)


class Deep(nn.Module):
    """`model._rave`."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Combined()

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class NoModel(nn.Module):
    """TorchScript that is no model of the convention."""

    def forward(self, x: Tensor) -> Tensor:
        return x * 2


MAKE = {
    "plain": Partials,
    "cached": lambda: Partials(buffer="cache"),
    "noisy": lambda: Partials(noise=0.1),
    "stereo": lambda: Partials(channels=2),
    "one_row": OneRow,
    "paired": Paired,
    "listed": Listed,
    "codes": DiscreteScripted,
    "crashing": Crashing,
    "hanging": Hanging,
    "leaking": Leaking,
    "raising": Raising,
    "bad": Bad,
    "offline": lambda: Partials(delay=0),
    "numbered": Numbered,
    "no_rate": lambda: Partials(rate=None),
    "slow_rate": lambda: Partials(rate=22050),
    "wrapped": Wrapped,
    "deep": Deep,
    "no_model": NoModel,
}


def export(folder: Path, kind: str = "plain", name: str = "") -> Path:
    """Write an export of a kind, one of `MAKE`, as `kind`.ts into a folder."""
    path = Path(folder) / f"{name or kind}.ts"
    with torch.no_grad():
        torch.jit.script(MAKE[kind]().eval()).save(str(path))
    return path
