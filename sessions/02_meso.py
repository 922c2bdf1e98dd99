# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  model house

# @ 1 256
cello, choir = path("cello"), path("choir")
d1 >> meso(cello, choir, sine.slow(4)).gain(.8)  # between the two, on a curve of four cycles
# @ 1 d1 3bd85a 256

# @ 2 436480
d1 >> meso("piano(3,8)", "vibes", saw).gain(.8)  # a string has onsets; each goes its way
# @ 2 d1 8498ab 436480

# @ 3 701184
d2 >> s("hat*8").gain(tri.range(.1, .4)); d3 >> s("kick*2")
# @ 3 d2 d31f44 701184
# @ 3 d3 30f3f8 701184

# @ 4 877568
d1 >> meso("piano(3,8)", "vibes", sine.range(-.5, 1.5).slow(2)).gain(.8).every(3, lambda p: p.rev())  # beyond both
# @ 4 d1 a469dd 877568

# @ 5 1230336
d2.stop(); d3.stop()
# @ 5 d2 7c0693 1230336
# @ 5 d3 14e98f 1230336

# @ 6 1318400
hush()
# @ 6 hush 17da9a 1318400
# @ end 1411200
