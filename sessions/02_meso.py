# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  default spectral  model_file spectral

# @ 1 0
cello, choir = path("cello"), path("choir")
d1 >> meso(cello, choir, sine.slow(4)).gain(.8)  # between the two, on a curve of four cycles
# @ 1 d1 3bd85a 0

# @ 2 436480
d1 >> meso("piano(3,8)", "vibes", saw).gain(.8)  # a string has onsets; each goes its way
# @ 2 d1 8498ab 436480

# @ 3 701184
d2 >> s("hh*8").gain(tri.range(.1, .4)); d3 >> s("bd*2")
# @ 3 d2 88b630 701184
# @ 3 d3 ab6af7 701184

# @ 4 877568
d1 >> meso("piano(3,8)", "vibes", sine.range(-.5, 1.5).slow(2)).gain(.8).every(3, rev)  # beyond both
# @ 4 d1 a469dd 877568

# @ 5 1230336
d4 >> meso(path("rain"), path("voice"), sine.slow(3)).gain(.5)  # what has no pitch and what has one
# @ 5 d4 764e13 1230336

# @ 6 1494784
d1.stop(); d2.stop(); d3.stop()
# @ 6 d1 5a32a0 1494784
# @ 6 d2 7c0693 1494784
# @ 6 d3 14e98f 1494784

# @ 7 1671168
hush(over=1)
# @ 7 hush 328732 1671168

# @ end 1852200
