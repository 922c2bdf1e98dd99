# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  default spectral  model_file spectral

# @ 1 0
cello, choir = path("cello"), path("choir")
d1 >> stepwise(cello, choir, 6).gain(1.1)  # a drone: six steps from one sound to the other
d1.fx(reverb(.3, size=.8))
# @ 1 d1 ba24e6 0
# @ 1 d1 d6b58a 0

# @ 2 348160
d1 >> stepwise(s("cello/2"), "<choir flute>/2", 4).gain(1.1)  # the staircase fits each event
# @ 2 d1 b03fe6 348160

# @ 3 524544
d2 >> s("bd*4, ~ cp").gain(.8)
# @ 3 d2 51cb3d 524544

# @ 4 701184
d1 >> stepwise(n("0 2 4 <7 9>").s("piano"), "<fmbell kalimba>", "<2 4 8>").gain(1.1).pan("<.3 .7>*4")  # and is a pattern, too
# @ 4 d1 f494f2 701184

# @ 5 1053952
d1 >> stepwise("hat808*8", "shaker", saw.slow(2).range(1, 6)).gain(.5).pan(perlin)  # hats become something else
# @ 5 d1 dd89dc 1053952

# @ 6 1318400
hush(over=1)
# @ 6 hush 328732 1318400

# @ end 1455300
