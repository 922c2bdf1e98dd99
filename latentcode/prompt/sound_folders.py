"""Folders of sounds, as a line of a set names them."""

from __future__ import annotations

import os

from latentcode.prompt.set_api import Words
from latentcode.protocol.messages import Opened
from latentcode.sounds import folders
from latentcode.words import prompt_word


class FolderWords(Words):
    """The word for a folder, of which the journal is told: it is packed with all that it has."""

    @prompt_word('folder("~/samples/kit")')
    def folder(self, place: str | os.PathLike[str]) -> folders.Folder:
        """A folder of sounds, and of those in it, to be played under the name of the variable that
        holds it.

        `place`: a path, or the name of a folder in one of those that LATENTCODE_SOUNDS lists. What
        is hidden does not count; what cannot be read is named and left out. Raises SoundError.
        """
        found = folders.folder(place)
        self._stage.ask(Opened(found.place, len(found)))
        return found
