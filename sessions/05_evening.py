# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  synthesis overlap  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 0
# dusk
bpm(96)
master(1.6)
master.fx(compressor(-10, 2))
ground = n("<0 -2 3 0>/4").scale_of("d3 dorian").s("strings").attack(1.5).release(2).gain(1.1)
d1 >> extend(ground, "choir", tri.slow(16), factor=6)
d1.fx(reverb(.35, size=.8))
# @ 1 master 5ce558 0
# @ 1 tempo aae279 0
# @ 1 fx 74556a 0
# @ 1 d1 d42d4b 0
# @ 1 d1 d3f2da 0

# @ 2 434688
bells = n("0 ~ 4 ~ <7 9> ~ 2 ~").scale_of("d4 dorian").s("kalimba")
d2 >> bells.degrade_by(.3).gain(1.5).pan(perlin)
d2.fx(delay(3/8, .5, .4), reverb(.3))
# @ 2 d2 e75e26 434688
# @ 2 d2 644a85 434688

# @ 3 1316864
d2 >> bells.every(3, rev).off(1/4, add(12)).gain(1.2).pan(perlin)
# @ 3 d2 750e10 1316864

# @ 4 1757696
# lamps
d3 >> note("d2 ~ ~ d2 ~ <a1 c2> ~ ~").s("bass").gain(.6)
# @ 4 d3 82fd85 1757696

# @ 5 2198784
d4 >> plain("kick ~ ~ kick ~ ~ kick ~").gain(.7)
swing(1/5, steps=8)
# @ 5 d4 be9ad6 2198784
# @ 5 swing 127a14 2198784

# @ 6 2639872
d5 >> plain("hat*8").gain(saw.fast(2).range(.2, .6)).pan(.6)
# @ 6 d5 f32ab2 2639872

# @ 7 3080704
scene("lamps")
tune = n("0 [~ 2] 4 <6 7>").scale_of("d4 dorian").s("vibes")
d6 >> stepwise(tune, "<harp marimba>", 4).gain(.7)
d6.fx(reverb(.2))
# @ 7 scene 79aa4a 3080704
# @ 7 d6 7224ec 3080704
# @ 7 d6 2070a8 3080704

# @ 8 3521792
beat = plain("kick ~ ~ kick ~ ~ kick ~, ~ snare ~ snare, ~ ~ ~ [rim? rim]").gain(.7)
d4 >> beat
# @ 8 d4 24ea55 3521792

# @ 9 4403712
d6 >> stepwise(tune, "<harp marimba>", "<4 8>").jux(rev).gain(.7)
d3 >> note("d2 ~ ~ d2 ~ <a1 c2 f2 g2> ~ d2?").s("bass").gain(.6)
# @ 9 d6 34660c 4403712
# @ 9 d3 0dd630 4403712

# @ 10 4844800
scene("street")
# @ 10 scene 36dce1 4844800

# @ 11 5285888
# crossing
pipe = n("0 2 <4 6> ~ 7 ~ 4 ~").scale_of("d4 dorian").s("flute")
d2.morph(8) >> meso(pipe, "voice", sine.slow(8)).gain(.8).pan(perlin)
# @ 11 d2 64c3e9 5285888

# @ 12 5726720
chant = n("<0 -2>/4").scale_of("d3 dorian").s("choir").attack(1.5).release(2).gain(.8)
d1.morph(8, curve="smooth") >> walk(chant, .4, pace=2)
d4 >> plain("kick ~ ~ ~ kick ~ ~ ~, ~ ~ snare ~").gain(.7)
# @ 12 d1 0ed7e2 5726720
# @ 12 d4 2b6d35 5726720

# @ 13 6608896
# under the bridge
moment = grab(d6, 2)
d3.stop(over=2); d4.stop(over=2); d5.stop(); d6.stop(over=2)
# @ grab 13.1 d6 2 6608896
# @ 13 d3 7a26a5 6608896
# @ 13 d4 5963fc 6608896
# @ 13 d5 776fb8 6608896
# @ 13 d6 46022e 6608896

# @ 14 6829312
d7 >> moment.slice(8, "0 3 [6 5] <1 7>").gain(2).pan("<.3 .7>*4")
d7.fx(lowpass(sine.slow(8).range(400, 4000), .3), reverb(.5, size=.9))
# @ 14 d7 139c6b 6829312
# @ 14 d7 db96b3 6829312

# @ 15 7270400
d1.morph(4) >> orbit(freeze(chant, .4), 1.2, rate=1/2)
# @ 15 d1 4cb8bf 7270400

# @ 16 7711232
d7 >> moment.slice(8, "0 3 [6 5] <1 7>").sometimes(speed(-1)).scale(sine.slow(4).range(.7, 1.4)).gain(1.6).pan("<.3 .7>*4")
# @ 16 d7 1f59fa 7711232

# @ 17 8152320
once(plain("~ ~ ~ [tom*2 tom:1 tom:2]").gain(.8))
# @ 17 once 788d6d 8152320

# @ 18 8262656
# the street again
d7.stop(over=2)
go("street", morph=4)
bpm(104, over=8)
# @ 18 d7 ffa9c8 8262656
# @ 18 go 571ae0 8262656
# @ 18 tempo 2293bf 8262656

# @ 19 8799232
once(plain("crash").gain(.6))
d4 >> beat.every(4, fast(2))
# @ 19 once ee1c16 8799232
# @ 19 d4 9a6b70 8799232

# @ 20 9210624
chords = n("<[0,2,4] [3,5,7] [-2,0,2] [1,3,5]>/2").scale_of("d4 dorian").s("brass").gain(.6)
d8 >> meso(chords, "choir", perlin.slow(2)).attack(.3).release(.5)
d8.fx(lowpass("<800 1600 1200 2400>/2"), reverb(.4))
# @ 20 d8 36e3c3 9210624
# @ 20 d8 5a6f0c 9210624

# @ 21 10024704
d6 >> stepwise(tune, "<harp marimba>", "<4 8>").jux(rev).every(2, ply(2)).gain(.7)
d5 >> plain("hat*8, ~ openhat:0?").cut(1).gain(saw.fast(2).range(.2, .6)).pan(.6)
# @ 21 d6 e7dcc5 10024704
# @ 21 d5 80cb71 10024704

# @ 22 10838784
d8 >> meso(chords, "choir", saw.slow(8)).struct("t(5,8)").bias(sine.slow(8).range(-.2, .2))
# @ 22 d8 70b2e4 10838784

# @ 23 11653120
# night
bpm(84, over=8)
d4.stop(over=4); d5.stop(over=4); d8.stop(over=4)
# @ 23 tempo 81aadc 11653120
# @ 23 d4 0e246c 11653120
# @ 23 d5 6a34dc 11653120
# @ 23 d8 e9309b 11653120

# @ 24 12080128
d3.stop(over=4); d6.stop(over=4)
d2.morph(4) >> bells.degrade_by(.5).gain(1.4).pan(perlin)
# @ 24 d3 98f0f0 12080128
# @ 24 d6 394ac3 12080128
# @ 24 d2 e8fbc3 12080128

# @ 25 12310784
d1.morph(4) >> extend(note("d3/8").s("cello"), "choir", tri.slow(8), factor=8).attack(1).release(3).gain(1)
# @ 25 d1 fb9e18 12310784

# @ 26 12807168
hush(over=4)
# @ 26 hush dc198a 12807168

# @ end 13443328
