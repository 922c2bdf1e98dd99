# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  model house

# @ 1 256
cello, choir = path("cello"), path("choir")
d1 >> stepwise(cello, choir, 6).gain(.8)  # a drone: six steps from one sound to the other
# @ 1 d1 843039 256

# @ 2 524544
d1 >> stepwise(s("cello/2"), "<choir flute>/2", 4).gain(.8)  # the staircase fits each event
# @ 2 d1 a8ce24 524544

# @ 3 701184
d2 >> s("kick*4, ~ snare").gain(.7)
# @ 3 d2 626376 701184

# @ 4 877568
d1 >> stepwise("cello flute", "choir", "<2 4 8>").gain(.8)
# @ 4 d1 f401d4 877568

# @ 5 1142016
hush()
# @ 5 hush 17da9a 1142016
# @ end 1234800
