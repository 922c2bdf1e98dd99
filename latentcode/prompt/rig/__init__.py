"""A rig in one file: devices, what hands move and do, faders, effects, outputs, latencies."""
