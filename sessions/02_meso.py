# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 0
bpm(108)
master(1.3)
cello, choir = path("cello"), path("choir")
d1 >> meso(cello, choir, tri.slow(2)).gain(1.2)  # from one to the other and back, on a curve of two cycles
d1.fx(reverb(.35, size=.85))
# @ 1 tempo c1842e 0
# @ 1 master 4c90fa 0
# @ 1 d1 02dc51 0
# @ 1 d1 eefbab 0

# @ 2 290304
tune = n("<0 3 -2 4>(3,8)").scale_of("c4 minor").s("piano").release(.4)
d2 >> meso(tune, "vibes", saw).gain(1.4).pan("<.2 .8>*3")  # a string has onsets; each goes its way
d2.fx(delay(3/8, .4, .3), reverb(.2))
# @ 2 d2 697248 290304
# @ 2 d2 0eefb5 290304

# @ 3 780288
d3 >> s("kick ~ [~ kick] ~, ~ snare").gain(.9)
d4 >> s("hh*8").gain(tri.range(.2, .65)).pan(sine.slow(2))
d5 >> meso(note("<c2 f2 ab1 g1>(3,8)").s("bass"), "reese", tri).gain(.9)
# @ 3 d3 c4a233 780288
# @ 3 d4 008241 780288
# @ 3 d5 518f4b 780288

# @ 4 1171968
chords = meso(note("<c3 f3 ab2 g2>").s("cello"), note("<g4 ab4 eb4 d4>").s("choir"), tri).attack(.1).release(.4).gain(1.2)
d1 >> chords
d2 >> meso(tune, "vibes", sine.range(-.5, 1.5).slow(2)).off(1/8, add(12)).every(3, rev).gain(.8).pan("<.2 .8>*3")  # beyond both
# @ 4 d1 cc81e1 1171968
# @ 4 d2 567dfa 1171968

# @ 5 1564160
beat = s("kick ~ [~ kick] ~, ~ snare ~ [snare clap]")
d3 >> meso(beat, note("c3").s("voice"), "<0 .6>").gain(.9)  # drums that sing
d6 >> meso(path("rain"), path("voice"), sine.slow(3)).pan(perlin).gain(.8)  # what has no pitch and what has one
# @ 5 d3 706484 1564160
# @ 5 d6 a90b72 1564160

# @ 6 1956352
d2.stop(); d3.stop(); d4.stop(); d5.stop()
d1 >> meso(note("<[c3,g3,eb4] [f3,ab3,c4]>").s("strings"), note("<[f3,ab3,c4] [g2,g3,d4]>").s("choir"), saw, glide=True).gain(.5)  # pitches glide, and do not fuse
# @ 6 d2 7c0693 1956352
# @ 6 d3 14e98f 1956352
# @ 6 d4 d56822 1956352
# @ 6 d5 776fb8 1956352
# @ 6 d1 ab49ce 1956352

# @ 7 2152448
d1 >> chords
d2 >> meso(tune, "vibes", sine.range(-.5, 1.5).slow(2)).off(1/8, add(12)).jux(rev).gain(.6)
d3 >> meso(beat.every(4, ply(2)), note("c3").s("voice"), "<0 .6>").gain(.9)
d4 >> s("hh*16").gain(tri.fast(2).range(.2, .65)).pan(sine.slow(2))
d5 >> meso(note("<c2 f2 ab1 g1>(5,8)").s("bass"), "reese", tri).gain(.9)
# @ 7 d1 cc81e1 2152448
# @ 7 d2 f115b6 2152448
# @ 7 d3 f9d7ec 2152448
# @ 7 d4 23d4ec 2152448
# @ 7 d5 40c247 2152448

# @ 8 2936320
d2.stop(); d3.stop(); d4.stop(); d5.stop()
hush(over=2)
# @ 8 d2 7c0693 2936320
# @ 8 d3 14e98f 2936320
# @ 8 d4 d56822 2936320
# @ 8 d5 776fb8 2936320
# @ 8 hush 335c64 2936320

# @ end 3234000
