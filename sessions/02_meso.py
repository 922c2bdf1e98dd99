# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  default spectral  model_file spectral

# @ 1 0
cello, choir = path("cello"), path("choir")
d1 >> meso(cello, choir, sine.slow(4)).gain(1.1)  # between the two, on a curve of four cycles
d1.fx(reverb(.3, size=.8))
# @ 1 d1 ba24e6 0
# @ 1 d1 c3b0e6 0

# @ 2 436480
d1 >> meso("piano(3,8)", "vibes", saw).release(.4).gain(1.1)  # a string has onsets; each goes its way
# @ 2 d1 8724f8 436480

# @ 3 701184
d2 >> s("hh*8").gain(tri.range(.15, .5)).pan(sine.slow(2)); d3 >> s("bd*2").gain(.8)
# @ 3 d2 619685 701184
# @ 3 d3 a006a1 701184

# @ 4 877568
tune = n("<0 3 -2 4>(3,8)").scale_of("c4 minor").s("piano").release(.4)
d1 >> meso(tune, "vibes", sine.range(-.5, 1.5).slow(2)).gain(1.1).every(3, rev).pan("<.3 .7>*4")  # beyond both
# @ 4 d1 374ffb 877568

# @ 5 1230336
d4 >> meso(path("rain"), path("voice"), sine.slow(3)).gain(.6).pan(perlin)  # what has no pitch and what has one
# @ 5 d4 534d49 1230336

# @ 6 1494784
d1.stop(); d2.stop(); d3.stop()
# @ 6 d1 5a32a0 1494784
# @ 6 d2 7c0693 1494784
# @ 6 d3 14e98f 1494784

# @ 7 1671168
hush(over=1)
# @ 7 hush 328732 1671168

# @ end 1790000
