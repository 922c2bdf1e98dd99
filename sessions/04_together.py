# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  default spectral  model_file spectral

# @ 1 0
bpm(112)
pad = n("<[0,2,4] [-2,0,4] [-3,1,3] [-1,1,4]>/2").scale_of("c4 minor").s("strings")
d1 >> meso(pad, "choir", sine.slow(8)).attack(.5).release(1).gain(.55)  # chords on their way to a choir
d1.fx(reverb(.35))
# @ 1 tempo 231c35 0
# @ 1 d1 4c3ddf 0
# @ 1 d1 b8f15a 0

# @ 2 180736
d2 >> s("bd(3,8)").gain(.9)
# @ 2 d2 b7eadb 180736

# @ 3 370432
d3 >> stepwise(note("c2(5,8) <eb2 bb1>").s("bass"), "<reese fmbass>", 3).gain(.6)  # a bass that changes in three steps
d2 >> s("bd(3,8), ~ cp").gain(.9)
# @ 3 d3 ab2d12 370432
# @ 3 d2 5c8eed 370432

# @ 4 555520
d4 >> s("hh*8, ~ oh:0?").cut(1).gain(perlin.range(.15, .45)).pan(sine.slow(2))
# @ 4 d4 0d8b35 555520

# @ 5 745216
d5 >> n("0 2 4 <7 9>*2").scale_of("c5 minor").s("fmbell").every(3, rev).gain(.4).pan(rand.segment(8))
d5.fx(delay(3/8, .45, .35))
# @ 5 d5 51abe7 745216
# @ 5 d5 b29bc5 745216

# @ 6 1124352
d1 >> extend(pad, "voice", tri.slow(4), factor=6).attack(.3).release(.8).gain(.5)  # longer than they were recorded
# @ 6 d1 a6c669 1124352

# @ 7 1314048
d5 >> meso("kalimba(5,8)", "harp", saw.slow(2)).bias(sine.range(-.3, .3)).pan(rand.segment(8)).gain(.6)
# @ 7 d5 445744 1314048

# @ 8 1503744
d2.mute(); d3.gain(.6)
# @ 8 d2 e9a283 1503744
# @ 8 d3 25c8f9 1503744

# @ 9 1688832
d2.unmute(); d3.gain(1)
d2 >> s("bd*4, ~ cp, ~ ~ ~ [rs? rs]").gain(.9)
# @ 9 d2 6583d4 1688832
# @ 9 d3 cfb9a5 1688832
# @ 9 d2 f7e1ef 1688832

# @ 10 1975552
d2.stop(); d3.stop(); d4.stop()
# @ 10 d2 7c0693 1975552
# @ 10 d3 14e98f 1975552
# @ 10 d4 d56822 1975552

# @ 11 2160896
hush(over=2)
# @ 11 hush 335c64 2160896

# @ end 2381400
