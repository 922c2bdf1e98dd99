# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 0
bpm(104)
master(1.35)
master.fx(compressor(-18, 2, attack=.02), gain_db(3))
bow = saw.slow(2).range(-.7, 1.5)  # holds, slides, holds
sliding = lambda here, there: meso(note(here).s("<strings choir>/2"), note(there).s("<choir strings>/2"), bow, glide=True)
high = sliding("<f4 a4 g4 e4>/2", "<a4 g4 e4 f4>/2").pan(.9)  # each note slides into the next, and strings into a choir
middle = sliding("<a3 d4 bb3 c#4>/2", "<d4 bb3 c#4 a3>/2").pan(.1)
low = note("<d3 bb2 g2 a2>/2").s("cello").gain(.7)
d1 >> stack(low, middle, high).attack(.15).release(.4).gain(.85)
d1.fx(reverb(.4, size=.85))
# @ 1 tempo 6d8c5c 0
# @ 1 master 951ccd 0
# @ 1 fx 668680 0
# @ 1 d1 a16575 0
# @ 1 d1 14369a 0

# @ 2 199680
tones = note("<[d4 f4 a4 d5 f5 d5 a4 f4]*2 [d4 f4 bb4 d5 f5 d5 bb4 f4]*2 [d4 g4 bb4 d5 g5 d5 bb4 g4]*2 [c#4 e4 a4 c#5 e5 c#5 a4 e4]*2>/2")
d2 >> walk(tones.s("harp"), 1, pace=8).gain(.8).pan(sine.fast(3/4).range(.15, .85))  # never twice the same harp
d2.fx(delay(3/8, .45, .3), reverb(.25))
# @ 2 d2 7824fb 199680
# @ 2 d2 e21002 199680

# @ 3 403456
beat = s("kick [~ kick?] ~ ~ kick ~ [~ kick] ~, ~ snare ~ snare, ~ ~ ~ [rim? rim*2?]")
d3 >> meso(beat, note("d3").s("choir"), "<0 0 0 .7>").gain(.8)  # drums, which sing in every fourth bar
d3.fx(compressor(-20, 4, attack=.001), gain_db(6))
d4 >> s("hat*16?").gain(perlin.fast(4).range(.25, .8)).pan(perlin)
swing(1/6, steps=8)
# @ 3 d3 41616c 403456
# @ 3 d3 ea32e3 403456
# @ 3 d4 02719d 403456
# @ 3 swing 3944b4 403456

# @ 4 606720
ground = note("<d2 bb1 g1 a1>/2").s("bass")
d5 >> stepwise(ground.struct("t ~ ~ t ~ ~ t [~ t]"), "<reese fmbass>", 3).gain(.8)  # a bass that changes in three steps
# @ 4 d5 75509e 606720

# @ 5 810496
tune = note("<[a5@3 f5 g5 a5 d5@2] [bb5@3 a5 f5@4] [g5@3 bb5 a5 g5 d5@2] [e5@4 c#5@2 e5@2]>/2")
d6 >> meso(tune.s("flute"), "voice", sine.slow(3)).legato(1.1).attack(.05).release(.3).gain(1.1)  # a flute that turns into a voice and back
d6.fx(delay(3/8, .4, .25), reverb(.4))
# @ 5 d6 1e528e 810496
# @ 5 d6 71c5aa 810496

# @ 6 1217536
d2.morph(4) >> meso(tones.s("kalimba"), "vibes", sine.slow(4)).every(3, rev).pan(sine.fast(3/4).range(.15, .85))
d3 >> meso(beat.every(4, ply(2)), note("d3").s("choir"), "<0 0 0 .7>").gain(.8)
# @ 6 d2 c4966f 1217536
# @ 6 d3 e5704f 1217536

# @ 7 1624576
scene("groove")
moment = grab(d6, 2)
d2.stop(); d3.stop(); d4.stop(); d5.stop(over=1); d6.stop()
d1 >> extend(note("[a2,e3,c#4,g4]/4").s("strings"), "voice", tri.slow(4), factor=6).attack(.1).release(.8).gain(saw.slow(4).range(.35, .7))  # longer than they were recorded
d7 >> moment.slice(8, "0 3 [6 5] <1 7>").sometimes(reverse()).gain(1.1).pan("<.1 .9>*4")  # what was just played, in pieces
d7.fx(lowpass(saw.slow(4).exprange(500, 8000), .3), delay(1/4, .5, .3), reverb(.4, size=.9))
# @ 7 scene daaa15 1624576
# @ 7 d2 7c0693 1624576
# @ 7 d3 14e98f 1624576
# @ 7 d4 d56822 1624576
# @ 7 d5 321d84 1624576
# @ 7 d6 c682fa 1624576
# @ 7 d1 44eb9d 1624576
# @ 7 d7 024595 1624576
# @ 7 d7 7ebbb4 1624576
# @ grab 7.1 d6 2 1624576

# @ 8 1929728
d8 >> stepwise(note("a3").s("strings"), note("a5").s("choir"), 25, glide=True).gain(saw.range(.3, 1.4))  # up two octaves, by the stairs
once(s("~ ~ tom*4 [tom:1*2 snare*4]").gain(saw.range(.3, .9)))
# @ 8 d8 2bdd77 1929728
# @ 8 once 3c5bda 1929728

# @ 9 2031616
d7.stop(); d8.stop()
go("groove")
once(s("crash").gain(.6))
# @ 9 d7 91a115 2031616
# @ 9 d8 ef9cd2 2031616
# @ 9 go 543718 2031616
# @ 9 once 034749 2031616

# @ 10 2438656
d6 >> meso(tune.s("flute"), "voice", sine.slow(3)).off(1/4, add(-12)).legato(1.1).attack(.05).release(.3).pan(sine.slow(3).range(.2, .8))
d5 >> stepwise(ground.struct("t ~ t t ~ t t [~ t]"), "<reese fmbass>", "<3 5>").gain(.8)
d4 >> s("hat*16, ~ openhat:0?").cut(1).gain(perlin.fast(4).range(.25, .8)).pan(perlin)
# @ 10 d6 f28461 2438656
# @ 10 d5 3bfb2f 2438656
# @ 10 d4 7a1920 2438656

# @ 11 2845696
d3.stop(); d4.stop(); d5.stop(over=1)
d6 >> orbit(freeze(note("<d5 d5 c#5 e5>").s("flute"), .3), 1, rate=1/2).attack(.5).release(1)
# @ 11 d3 14e98f 2845696
# @ 11 d4 d56822 2845696
# @ 11 d5 321d84 2845696
# @ 11 d6 24af20 2845696

# @ 12 3252736
hush(over=2)
# @ 12 hush 335c64 3252736

# @ end 3561923
