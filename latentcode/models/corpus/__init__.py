"""The sounds that house models are trained on: notes of sound fonts, drums, electronic sounds,
textures and speech, each made by a function and a seed.
"""
