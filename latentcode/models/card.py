"""What a model is, without loading it: a `Card`, read from the header of its file.

Does not import torch.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from latentcode.errors import ModelError
from latentcode.files import limits, whereabouts
from latentcode.frames import frame_count

Kind = Literal["window", "spectral", "stream", "sequence"]
HOUSE = Path(__file__).parent.parent / "data" / "spectral.safetensors"
SMALL = HOUSE.with_name("small.safetensors")
RAW = HOUSE.with_name("house.safetensors")  # the first model of the package, which was called so
BUILT_IN = {"default": HOUSE, "house": HOUSE, "spectral": HOUSE, "small": SMALL, "raw": RAW}
DEFAULTS = ("default", "house")  # names of whichever is the default
LASTING = {HOUSE: "spectral", SMALL: "small", RAW: "raw"}  # what sessions call them
SUFFIX = ".safetensors"
SUFFIXES = (SUFFIX, ".ts")  # which the bare name of a model may leave out
MODEL_FILES = frozenset({*SUFFIXES, ".pt", ".pth", ".ckpt"})
FOLDERS = "LATENTCODE_MODELS"  # of the environment: folders of models, parted as PATH is
LARGE = 1 << 24  # bytes from which on a digest takes time, and is kept
MOST_OVERLAP = 16  # windows at a time
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_START = b"\x80\x02\x8a\x0a" + LEGACY_MAGIC.to_bytes(10, "little")  # of what torch saved before 1.6
ZIP_START = b"PK\x03\x04"  # and of what it saves


@dataclass(frozen=True)
class Card:
    """A model's name, sizes and origin.

    digest       of the file's content
    sample_rate  in Hz
    window       samples that a latent frame covers, at `sample_rate`
    hop          samples between two frames, as it was trained
    units        hidden units; 0 of a family that has none
    notes        (key, value) pairs of text, `snr_db` among them
    kind         what a decoded frame is: "window", samples that begin at its moment and are laid
                 over one another as the synthesis likes; "spectral", a windowed frame that is
                 centred on its moment; "stream", the next samples; "sequence", discrete steps
    hops         samples between two frames that can be decoded, its own first; (): any that
                 divides a window
    details      the family's own, (key, value) pairs of text
    can          what it can beside being decoded: "glide", from one frame to another by moving
                 what is in it; "shift", to another pitch; "quick", frames of its last hop beside
                 others; "prior", latents of its own making, one after the other; "level", be as
                 loud as its first latent says, whatever the others are
    code         whether the file is a program, which runs where it is trusted (`models/trust.py`)
    channels     of what is decoded: 1, or 2, left and right
    attributes   what can be set in it while it plays, by name: the types of its values, "bool",
                 "int", "float", "str" or "tensor"
    """

    name: str
    digest: str
    family: str
    sample_rate: int
    window: int
    latent_dim: int
    units: int
    hop: int
    notes: tuple[tuple[str, str], ...] = ()
    file: str = ""
    kind: Kind = "window"
    hops: tuple[int, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    can: tuple[str, ...] = ()
    code: bool = False
    channels: int = 1
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def span(self) -> int:
        """Samples that a frame covers."""
        return self.window

    @property
    def advance(self) -> int:
        """Samples that a frame moves on where nothing else is said."""
        return self.hops[0] if self.hops else self.window // overlap_of(self.window)

    @property
    def encoding(self) -> str:
        """What its frames depend on, beside the sound: the digest of its file, and its rate, which
        may have been said (`--model-rate`).
        """
        return f"{self.digest}@{self.sample_rate}"

    @property
    def reach(self) -> int:
        """Samples from its moment on without which there is no frame; 0 of one that is centred."""
        return self.window if self.kind == "window" else 0

    def span_at(self, hop: int) -> int:
        """Samples that a decoded frame covers where they are `hop` apart."""
        return self.window * hop // self.hops[0] if self.hops else self.window

    def frames(self, length: int, hop: int) -> int:
        """How many frames a sound of `length` samples has, `hop` samples apart."""
        return frame_count(length, self.reach, hop)

    def note(self, key: str, default: str = "") -> str:
        """The note called `key`, or `default`."""
        return dict(self.notes).get(key, default)

    @property
    def doubt(self) -> str:
        """What had to be assumed of a model whose files do not say it, and what helps;
        empty otherwise.
        """
        text = self.note("sample_rate")
        return (
            f"{self.name}: {text}; put its config.ini beside it if it sounds too high or too low"
            if text
            else ""
        )


def asked_again(name: str, card: Card) -> str:
    """What a session says of a model, so that it is found again: the name of one that comes with
    the package, which is the same when another one has become the default, or the file.
    """
    return LASTING[BUILT_IN[name]] if name in BUILT_IN else card.file


@contextmanager
def default_is(name: str) -> Iterator[None]:
    """Let "default" and "house" mean a model of the package for a while, as in a session from when
    another one was the default.
    """
    before = {key: BUILT_IN[key] for key in DEFAULTS}
    BUILT_IN.update(dict.fromkeys(DEFAULTS, BUILT_IN[name]))
    try:
        yield
    finally:
        BUILT_IN.update(before)


def for_synthesis(name: str, synthesis: str) -> str:
    """The model that is taken where `name` is asked for: concat lays windows end to end, which the
    default has none of, and takes "raw" for it.
    """
    return "raw" if synthesis == "concat" and name == "default" else name


def instead(name: str) -> str:
    """A sentence on a model that was taken for the default, as `for_synthesis` does."""
    return (
        f"synthesis concat lays windows end to end, as the model {name} decodes them: {name} plays, "
        f'not the default; model="{name}" says so'
    )


def model_file(name_or_path: str | os.PathLike[str]) -> Path:
    """The file that a name or a path stands for: a model of the package ("default", "house",
    "raw", "small", "spectral"), a file, or one by its name in the folder for models of one's own
    (`own_models`); ModelError when there is none.

    A path may name one of several models in a checkpoint after a #, as in ckpt_00500#ema.
    """
    name = os.fspath(name_or_path)
    given = BUILT_IN[name] if name in BUILT_IN else _located(name_or_path)
    path, _ = split_choice(given)
    if os.path.isdir(path):
        raise ModelError(f"{path} is a folder; give the model file itself")
    if not os.path.isfile(path):
        if whereabouts.stands_in(name_or_path):
            return HOUSE
        named = ", ".join(map(repr, BUILT_IN))
        raise ModelError(
            f"no model at {path}{_near(name)}; give {named}, a .safetensors or .ts file or a rawaudiovae "
            f"checkpoint, or the name of one in {own_models()[0]}"
        )
    if path.stat().st_size == 0:
        raise ModelError(f"{path} is empty; copy or train the model again")
    if excess := limits.excess(path.stat().st_size):
        raise ModelError(f"{path} is too large for a model: it would take {excess}")
    try:
        path.open("rb").close()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}") from error
    return given


def _near(name: str) -> str:
    """What else may have been meant."""
    found = difflib.get_close_matches(name, [*BUILT_IN, *model_names()], 1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def model_names() -> list[str]:
    """The names of all models: those of the package, then what lies in `own_models`, by its bare
    name where that leads to it.
    """
    found = dict.fromkeys(LASTING.values())
    for folder in own_models():
        found |= dict.fromkeys(map(_shortest, _model_files(folder)))
    return list(found)


def models_here() -> list[str]:
    """The names of the model files in the folder that one is in."""
    return [file.name for file in _model_files(Path()) if file.suffix in SUFFIXES]


def _shortest(file: Path) -> str:
    bare = [file.stem] if file.suffix in SUFFIXES and file.stem not in BUILT_IN else []
    same = (name for name in (*bare, file.name) if os.path.realpath(_located(name)) == os.path.realpath(file))
    return next(same, str(file))


def _model_files(folder: Path) -> list[Path]:
    """What is called as models are."""
    try:
        found = sorted(folder.iterdir())
        return [file for file in found if file.suffix.lower() in MODEL_FILES and file.is_file()]
    except OSError:
        return []


def _located(path: str | os.PathLike[str]) -> Path:
    found = list(whereabouts.candidates(path))
    own = [folder / name for folder in own_models() for name in _names(os.fspath(path))]
    return next((one for one in [*found, *own] if os.path.exists(split_choice(one)[0])), found[-1])


def _names(name: str) -> tuple[str, ...]:
    """What a model that is asked for by its bare name may be called in a folder."""
    bare = name == os.path.basename(name) and name not in ("", os.curdir, os.pardir)
    return (*(f"{name}{suffix}" for suffix in SUFFIXES), name) if bare else ()


def own_models() -> list[Path]:
    """The folders in which a musician's own models are found by name: those that LATENTCODE_MODELS
    lists, and `models` in that of our data.
    """
    from latentcode.files import places

    listed = filter(None, os.environ.get(FOLDERS, "").split(os.pathsep))
    return [
        *(Path(os.path.expanduser(place)) for place in listed),
        *(folder / "models" for folder in places.all_of("data")),
    ]


def split_choice(given: Path) -> tuple[Path, str]:
    """The file, and which of several models in it, of what may be written as ckpt_00500#ema."""
    name, mark, choice = given.name.partition("#")
    if not mark or not name or os.path.exists(given):
        return given, ""
    return given.with_name(name), choice


def saved_by_torch(path: Path) -> bool:
    """Whether a file begins as what torch saves, zip or legacy."""
    with split_choice(path)[0].open("rb") as file:
        return file.read(len(LEGACY_START)).startswith((LEGACY_START, ZIP_START))


def chosen_digest(path: Path, choice: str) -> str:
    """The digest of one of the models in a file: of two in one file they differ."""
    digest = file_digest(path)
    return hashlib.blake2b(f"{digest}#{choice}".encode(), digest_size=16).hexdigest() if choice else digest


def looks_like_model(start: bytes) -> bool:
    """Whether a file that starts so is safetensors, or what torch saves, zip or legacy,
    whatever it is called.
    """
    return start[8:9] == b"{" or start.startswith((LEGACY_START, ZIP_START))


def overlap_of(window: int, least: int = 2) -> int:
    """How many windows lie over one another, `least` at least: they must divide a window.

    Raises ModelError.
    """
    found = next((count for count in range(least, MOST_OVERLAP + 1) if window % count == 0), None)
    if found is None:
        raise ModelError(
            f"windows of {window} samples cannot overlap, as nothing from {least} to {MOST_OVERLAP} divides them: "
            "take a multiple of 4, as 1024; a model that has them is played with synthesis concat"
        )
    return found


def checked_rate(rate: int) -> int:
    """`rate` when it is a sampling rate in Hz that sound can have.

    Raises ModelError for another.
    """
    if not 1000 <= rate <= 768_000:
        raise ModelError(f"a sampling rate of {rate} Hz; rates from 1000 to 768000 are allowed")
    return rate


def file_digest(path: Path) -> str:
    """The blake2b digest of a file's content, as 32 hexadecimal digits."""
    status = path.stat()
    if status.st_size < LARGE:
        return _digest(path)
    return _kept_digest(path, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=64)
def _kept_digest(path: Path, *_changed: int) -> str:
    return _digest(path)


def _digest(path: Path) -> str:
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()


def one_line(error: BaseException) -> str:
    """What an error says, short and in one line; what kind it is when it says nothing."""
    return " ".join(str(error).split())[:120] or type(error).__name__
