"""MIDI and OSC: ports, messages, and the processes that own them."""
