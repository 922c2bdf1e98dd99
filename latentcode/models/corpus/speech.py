"""Speech of espeak-ng, in the corpus only.

Needs the `espeak-ng` program (GPL; what it says is not).
"""

from __future__ import annotations

import io
import shutil
import subprocess

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError
from latentcode.models.corpus.waves import RATE

SPEAKERS = ("m1", "m3", "m7", "f1", "f2", "f4", "whisper", "klatt2")  # variants of espeak-ng's voices
# language: sentences, of which the last is held out
SENTENCES: dict[str, tuple[str, ...]] = {
    "en-us": (
        "A river carries what the rain has let fall, and it never asks where the sea may be.",
        "Five quiet jazz musicians packed the boxes with dozens of old loud gongs.",
        "She thought the whole orchestra had gone, though one cello was left behind.",
        "Every morning the birds begin before anybody else has decided to wake.",
    ),
    "en-gb": (
        "How would you measure the silence between two bells that nobody rings?",
        "The thirsty fisher throws his other net beneath the northern bridge.",
        "Voices overlap until a single vowel is all that can be heard.",
    ),
    "de": (
        "Über den Dächern der Stadt zieht langsam ein schwerer Nebel auf.",
        "Kurz vor Mitternacht hört man noch einmal die Glocken der Kirche läuten.",
        "Ein Schüler fragte höflich, ob er das Fenster schließen dürfe.",
    ),
    "fr-fr": (
        "Une grande lumière tombe doucement sur les vagues du soir.",
        "Je voudrais entendre encore une fois le bruit du vent dans les feuilles.",
        "Onze oiseaux bleus chantent au-dessus du jardin.",
    ),
    "es": (
        "El perro corre por la calle mientras suena una guitarra lejana.",
        "Mañana por la mañana llegarán los músicos con sus instrumentos.",
        "Nunca había escuchado un silencio tan grande como este.",
    ),
    "it": (
        "La luna piena illumina il campo e le foglie tremano piano.",
        "Gli amici cantano insieme una vecchia canzone sotto la pioggia.",
        "Che cosa senti quando tutte le voci si fermano?",
    ),
    "pt-br": (
        "O som do mar entra pela janela e não deixa ninguém dormir.",
        "Amanhã vamos gravar os sinos da igreja pequena.",
        "Ninguém sabe quando começou esta longa canção.",
    ),
    "tr": (
        "Rüzgâr ağaçların arasından geçerken şarkı söylüyor gibiydi.",
        "Küçük bir kuş pencerenin önünde sessizce bekliyor.",
        "Yarın akşam üzeri yağmur yeniden başlayacak.",
    ),
    "ru": (
        "Тихая река течёт мимо старого города и несёт опавшие листья.",
        "Завтра утром музыканты снова начнут играть.",
        "Где-то далеко звонит маленький колокол.",
    ),
    "pl": (
        "W szczelinach starej szafy szeleszczą suche liście.",
        "Wieczorem słychać tylko deszcz i odległe głosy.",
        "Cisza przed burzą trwała dłużej niż zwykle.",
    ),
    "sv": (
        "Snön faller långsamt över sjön och allting blir tyst.",
        "Sju sjösjuka sjömän sköttes av en skön sjuksköterska.",
        "Hör du hur vinden sjunger i skogen?",
    ),
    "hi": (
        "नदी के किनारे बैठकर हम देर तक गीत सुनते रहे।",
        "कल सुबह बारिश फिर से शुरू होगी।",
        "पुरानी घंटी की आवाज़ दूर तक जाती है।",
    ),
    "cmn-latn-pinyin": (
        "chun1 tian1 de5 feng1 chui1 guo4 shan1 shang4 de5 shu4 lin2.",
        "ming2 tian1 zao3 shang5 wo3 men5 qu4 ting1 yin1 yue4.",
        "yuan3 chu4 you3 ren2 zai4 chang4 ge1.",
    ),
    "sw": (
        "Ndege wadogo wanaimba asubuhi kabla ya jua kuchomoza.",
        "Mvua inanyesha polepole juu ya paa la nyumba.",
        "Kesho tutasikiliza sauti ya bahari.",
    ),
}  # fmt: skip


def spoken(text: str, language: str, speaker: str, words_per_minute: int, pitch: int) -> Float32:
    """A sentence, mono at RATE, by one of SPEAKERS; `pitch` 0 to 99.

    Raises SoundError where espeak-ng is missing, or fails.
    """
    import soundfile
    import soxr

    if shutil.which("espeak-ng") is None:
        raise SoundError("the espeak-ng program is missing; install it (Debian: apt install espeak-ng)")
    voice = ["-v", f"{language}+{speaker}", "-s", str(words_per_minute), "-p", str(pitch)]
    done = subprocess.run(["espeak-ng", *voice, "--stdout", text], capture_output=True)
    if done.returncode != 0 or not done.stdout:
        raise SoundError(f"espeak-ng failed on {language}: {done.stderr.decode(errors='replace').strip()}")
    samples, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
    return np.asarray(soxr.resample(samples, rate, RATE), np.float32)
