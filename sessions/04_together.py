# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  default spectral  model_file spectral

# @ 1 0
bpm(100)
bow = saw.slow(2).range(-.7, 1.5)  # holds, slides, holds
sliding = lambda here, there: meso(note(here).s("<strings choir>/2"), note(there).s("<choir strings>/2"), bow, glide=True)
high = sliding("<f4 a4 g4 e4>/2", "<a4 g4 e4 f4>/2").pan(.8)  # each note slides into the next, and strings into a choir
middle = sliding("<a3 d4 bb3 c#4>/2", "<d4 bb3 c#4 a3>/2").pan(.2)
low = note("<d3 bb2 g2 a2>/2").s("cello").gain(.7)
d1 >> stack(low, middle, high).attack(.4).release(.4).gain(.8)
d1.fx(reverb(.4, size=.85))
# @ 1 tempo 9dcb5a 0
# @ 1 d1 355cf2 0
# @ 1 d1 14369a 0

# @ 2 195584
d2 >> walk(n("0 [~ 4] 7 <[9 8] 11>").scale_of("d4 minor").s("harp"), .5, pace=4).gain(.6).pan(rand.segment(8))  # never twice the same harp
d2.fx(delay(3/8, .5, .35), reverb(.25))
# @ 2 d2 4c0f38 195584
# @ 2 d2 f879fa 195584

# @ 3 407296
d3 >> s("kick [~ kick?] ~ ~ kick ~ [~ kick] ~").gain(.65)
d4 >> s("hat*16?").gain(perlin.fast(4).range(.1, .5)).pan(perlin)
# @ 3 d3 453f6f 407296
# @ 3 d4 678fd8 407296

# @ 4 619008
beat = s("kick [~ kick?] ~ ~ kick ~ [~ kick] ~, ~ snare, ~ ~ ~ [rim? rim*2?]").gain(.65)
d3 >> beat
swing(1/6, steps=8)
# @ 4 d3 322b9e 619008
# @ 4 swing 3944b4 619008

# @ 5 830720
ground = note("<d2 bb1 g1 a1>/2").s("bass")
d5 >> stepwise(ground.struct("t ~ ~ t ~ ~ t [~ t]"), "<reese fmbass>", 3).gain(.7)  # a bass that changes in three steps
# @ 5 d5 3234fc 830720

# @ 6 1253888
d2.morph(4) >> meso(n("0 2 4 7 4 9 7 <11 14>").scale_of("d4 minor").s("kalimba"), "vibes", sine.slow(4)).every(3, rev).gain(.8).pan(rand.segment(8))
# @ 6 d2 c41588 1253888

# @ 7 1677312
d3.stop(); d4.stop(); d5.stop(over=1)
d1 >> extend(note("[d3,a3,f4]").s("strings"), "voice", tri.slow(4), factor=6).attack(.8).release(.8).gain(.6)  # longer than they were recorded
# @ 7 d3 14e98f 1677312
# @ 7 d4 d56822 1677312
# @ 7 d5 321d84 1677312
# @ 7 d1 18691a 1677312

# @ 8 1994752
once(s("~ ~ tom*4 [tom:1*2 snare*4]").gain(saw.range(.2, .6)))
# @ 8 once 95626a 1994752

# @ 9 2100736
d1 >> stack(low, middle, high).attack(.2).release(.4).gain(.8)
d3 >> beat.every(4, ply(2))
d4 >> s("hat*16, ~ openhat:0?").cut(1).gain(perlin.fast(4).range(.15, .5)).pan(perlin)
d5 >> stepwise(ground.struct("t ~ t t ~ t t [~ t]"), "<reese fmbass>", "<3 5>").gain(.75)
# @ 9 d1 973f99 2100736
# @ 9 d3 156a8b 2100736
# @ 9 d4 728391 2100736
# @ 9 d5 278af3 2100736

# @ 10 2524160
d6 >> orbit(note("d5 ~ <f5 e5> ~").s("flute"), 1, rate=1).off(1/4, add(-12)).gain(.9).pan(sine.slow(3).range(.2, .8))
d6.fx(delay(3/8, .5, .4), reverb(.4))
# @ 10 d6 1d7d0b 2524160
# @ 10 d6 dbaf9a 2524160

# @ 11 2947328
d3.stop(); d4.stop(); d5.stop(over=1)
# @ 11 d3 14e98f 2947328
# @ 11 d4 d56822 2947328
# @ 11 d5 321d84 2947328

# @ 12 3159040
hush(over=2)
# @ 12 hush 335c64 3159040

# @ end 3492720
