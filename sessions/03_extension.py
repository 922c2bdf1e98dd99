# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  default spectral  model_file spectral

# @ 1 0
d1 >> extend(path("cello"), factor=8).gain(1.2)  # one sound, eight times longer
d1.fx(reverb(.3, size=.8))
# @ 1 d1 ba24e6 0
# @ 1 d1 c50892 0

# @ 2 436480
d1 >> extend(path("flute"), path("voice"), perlin.slow(2)).gain(1.2)  # two, mixed as it goes
# @ 2 d1 f38b8e 436480

# @ 3 877568
d2 >> extend(n("<0 3 -2 4>(3,8)").scale_of("c4 minor").s("vibes"), "harp", saw.slow(4), factor="<2 4 8>").legato(1.5).gain(.9).pan("<.3 .7>*4")
d2.fx(reverb(.3))
# @ 3 d2 cd5a82 877568
# @ 3 d2 aa2fec 877568

# @ 4 1230336
d3 >> extend(s("crash808/2"), "surf", sine.slow(4), factor=6).legato(1.2).gain(.8).pan(sine.slow(4))  # a cymbal on its way to the sea
# @ 4 d3 94458c 1230336

# @ 5 1583104
d1 >> extend(path("flute").reverse(), path("voice"), perlin.slow(2), factor=16).gain(1.2)
# @ 5 d1 939eb7 1583104

# @ 6 1847552
hush(over=1)
# @ 6 hush 328732 1847552

# @ end 2006550
