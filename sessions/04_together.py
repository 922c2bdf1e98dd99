# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  model house

# @ 1 256
bpm(112)
# @ 1 tempo 231c35 256

# @ 2 256
d1 >> meso(path("cello"), path("choir"), sine.slow(8)).gain(.6)
# @ 2 d1 3bea68 256

# @ 3 260096
d2 >> s("kick*4, ~ snare").gain(.8)
# @ 3 d2 91bbfc 260096

# @ 4 436480
d3 >> stepwise("bass*2 [bass ~]", "<guitar piano>", 3).gain(.6)
# @ 4 d3 6031d5 436480

# @ 5 612864
d4 >> s("hat*8").gain(perlin.range(.1, .4)).pan(sine.slow(2))
# @ 5 d4 30f708 612864

# @ 6 789248
d5 >> n("0 3 7 <10 12>").s("flute").every(3, lambda p: p.rev()).legato(.8).gain(.5)
# @ 6 d5 5bd844 789248

# @ 7 1053952
d1 >> extend(path("voice"), path("strings"), tri.slow(4), factor=8).gain(.6)
# @ 7 d1 d9a2b0 1053952

# @ 8 1230336
d5 >> meso("vibes(5,8)", "harp", saw.slow(2)).bias(sine.range(-.3, .3)).pan(rand.segment(8)).gain(.6)
# @ 8 d5 95fc2b 1230336

# @ 9 1406720
d2.mute(); bpm(96)
# @ 9 d2 e9a283 1406720
# @ 9 tempo aae279 1406720

# @ 10 1583104
d2.unmute(); d3.gain(.5)
# @ 10 d2 6583d4 1583104
# @ 10 d3 e99b65 1583104

# @ 11 1847552
d2.stop(); d3.stop(); d4.stop()
# @ 11 d2 7c0693 1847552
# @ 11 d3 14e98f 1847552
# @ 11 d4 d56822 1847552

# @ 12 2023936
hush()
# @ 12 hush 17da9a 2023936
# @ end 2116800
