# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 0
bpm(90)
master(1.3)
d1 >> extend(path("cello"), factor=8).gain(1.2)  # one sound, eight times longer
d1.fx(reverb(.4, size=.9))
# @ 1 tempo bd4f4c 0
# @ 1 master 4c90fa 0
# @ 1 d1 c50892 0
# @ 1 d1 d44b34 0

# @ 2 231424
d1 >> stack(extend(path("cello"), factor=8), extend(path("cello:3"), factor=12).pan(.1), extend(path("cello:4"), factor=16).pan(.9)).gain(.8)  # a fifth, and another, each in its own time
# @ 2 d1 b12fb0 231424

# @ 3 466432
d2 >> extend(path("flute"), path("voice"), perlin.slow(2)).gain(1.5)  # two, mixed as it goes
d2.fx(delay(3/8, .4, .3), reverb(.4, size=.9))
# @ 3 d2 2d94e5 466432
# @ 3 d2 a830d4 466432

# @ 4 936960
tune = n("<0 3 -2 4>(3,8)").scale_of("c4 minor").s("vibes")
d3 >> extend(tune, "harp", saw.slow(4), factor="<2 4 8>").legato(1.5).gain(.9).pan("<.2 .8>*3")
d3.fx(reverb(.3))
d4 >> extend(s("kick ~ ~ kick ~ ~ tom ~"), factor="<1 1 1 4>").gain(.9)  # a beat, and in every fourth bar a long one
# @ 4 d3 11bf6b 936960
# @ 4 d3 a48685 936960
# @ 4 d4 29644f 936960

# @ 5 1407488
d5 >> extend(s("crash808/2"), "surf", sine.slow(4), factor=6).legato(1.2).gain(1.1).pan(sine.slow(4))  # a cymbal on its way to the sea
d6 >> extend(note("<c2 f2 ab1 g1>").s("bass"), "reese", tri, factor=4).gain(.65)
# @ 5 d5 ee7a9f 1407488
# @ 5 d6 c719d1 1407488

# @ 6 1878016
d2 >> extend(path("flute").reverse(), path("voice"), perlin.slow(2), factor=16).gain(1.5)
d3 >> extend(tune, "harp", saw.slow(4), factor="<2 4 8>").legato(1.5).off(1/8, add(12)).jux(rev).gain(.5)
d4 >> extend(s("kick ~ ~ kick ~ ~ tom ~, ~ snare"), factor="<1 1 1 4>").gain(.9)
# @ 6 d2 1aea2d 1878016
# @ 6 d3 490d24 1878016
# @ 6 d4 455abe 1878016

# @ 7 2583552
d3.stop(); d4.stop(); d6.stop()
# @ 7 d3 14e98f 2583552
# @ 7 d4 d56822 2583552
# @ 7 d6 c682fa 2583552

# @ 8 2818560
hush(over=3)
# @ 8 hush 10f474 2818560

# @ end 3292800
