# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 0
bpm(100)
master(1.35)
cello, choir = path("cello"), path("choir")
d1 >> stepwise(cello, choir, 6).speed(2).gain(1.4)  # a drone: six steps from one sound to the other
d1.fx(reverb(.35, size=.85))
# @ 1 tempo 9dcb5a 0
# @ 1 master 951ccd 0
# @ 1 d1 b01b3b 0
# @ 1 d1 eefbab 0

# @ 2 313856
roots, tops = note("<c3 ab2 eb3 bb2>"), note("<g4 c5 bb4 d5>")
chords = stepwise(roots.s("cello"), tops.s("choir"), "<4 8>").attack(.05).release(.3).gain(1.2)
d1 >> chords  # the staircase fits each event
# @ 2 d1 96a4e2 313856

# @ 3 631296
beat = s("kick*4, ~ snare ~ [snare, clap], [~ hat]*4").gain(.5)
d2 >> beat
d3 >> stepwise(roots.struct("t ~ ~ t ~ ~ t ~").s("bass"), "<reese fmbass>", 3).gain(.9)
# @ 3 d2 7066c7 631296
# @ 3 d3 a3e037 631296

# @ 4 1054720
tune = (n("0 [2 4] <7 9> [4 2]") + "<0 5 2 6>").scale_of("c4 minor")
d4 >> stepwise(tune.s("piano"), "<fmbell kalimba>", "<2 4 8>").gain(.9).pan("<.2 .8>*4")  # and is a pattern, too
d4.fx(delay(3/8, .4, .3), reverb(.2))
# @ 4 d4 20acca 1054720
# @ 4 d4 81b7d8 1054720

# @ 5 1478144
d5 >> stepwise("hat808*8", "shaker", saw.slow(2).range(1, 6)).gain(.8).pan(perlin)  # hats become something else
d4 >> stepwise(tune.s("piano"), "<fmbell kalimba>", "<4 8>").jux(rev).gain(.7)
# @ 5 d5 bcd814 1478144
# @ 5 d4 f3ef7a 1478144

# @ 6 1901568
d2.stop(); d3.stop(); d4.stop(); d5.stop()
low, high = note("[c3,g3,eb4]/2"), note("[bb2,f4,d5]/2")
d1 >> stepwise(low.s("strings"), high.s("choir"), "<9 17>/2", glide=True).gain(.5)  # pitches climb the stairs
# @ 6 d2 7c0693 1901568
# @ 6 d3 14e98f 1901568
# @ 6 d4 d56822 1901568
# @ 6 d5 776fb8 1901568
# @ 6 d1 776174 1901568

# @ 7 2113024
d2 >> beat.every(4, ply(2))
d3 >> stepwise(roots.struct("t ~ ~ t ~ ~ t [~ t]").s("bass"), "<reese fmbass>", 5).gain(.9)
d1 >> chords
d4 >> stepwise(tune.s("piano"), "<fmbell kalimba>", "<4 8>").jux(rev).every(2, ply(2)).gain(.7)
d5 >> stepwise("hat808*16", "shaker", saw.slow(2).range(1, 6)).gain(.8).pan(perlin)
# @ 7 d2 c58cd3 2113024
# @ 7 d3 ef80ce 2113024
# @ 7 d1 96a4e2 2113024
# @ 7 d4 57a959 2113024
# @ 7 d5 0551e8 2113024

# @ 8 2959872
d2.stop(); d3.stop(); d5.stop()
hush(over=2)
# @ 8 d2 7c0693 2959872
# @ 8 d3 14e98f 2959872
# @ 8 d5 776fb8 2959872
# @ 8 hush 335c64 2959872

# @ end 3281040
