# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  default spectral  model_file spectral

# @ 1 0
d1 >> extend(path("cello"), factor=8).gain(.8)  # one sound, eight times longer
# @ 1 d1 b5c40e 0

# @ 2 436480
d1 >> extend(path("flute"), path("voice"), perlin.slow(2)).gain(.8)  # two, mixed as it goes
# @ 2 d1 04bcc1 436480

# @ 3 877568
d2 >> extend(s("vibes(3,8)"), "harp", saw.slow(4), factor="<2 4 8>").legato(1.5).gain(.6)
# @ 3 d2 db1d8a 877568

# @ 4 1230336
d3 >> extend(s("crash808/2"), "surf", sine.slow(4), factor=6).legato(1.2).gain(.5)  # a cymbal on its way to the sea
# @ 4 d3 4d2c66 1230336

# @ 5 1583104
d1 >> extend(path("flute").reverse(), path("voice"), perlin.slow(2), factor=16).gain(.8)
# @ 5 d1 d08e27 1583104

# @ 6 1847552
hush(over=1)
# @ 6 hush 328732 1847552

# @ end 2028600
