# latentcode session 1
# @ seed 6  rate 44100  buffer 256  bpm 120  synthesis overlap  block 512  hop 512  noise 0.0  headroom 6  model house
# @ in cc:21@nano:out/1 0 0.0 cc:7@nano:out/1 0 0.708661 cc:10@nano:out/1 0 0.314960

# @ 1 256
# a knob between two sounds, another on the fader, a third on the filter

# @ 2 17664
d1 >> meso("cello", "choir", cc(21).smooth(60))
# @ 2 d1 9fcd25 19200

# @ 3 21760
d1.gain(cc(7).range(0, .8))
# @ 3 d1 a8c140 21760

# @ 4 25344
d1.fx(lowpass(cc(10).exprange(200, 9000)), reverb(.3))
# @ 4 d1 738d4a 25344
# @ in cc:21@nano:out/1 155392 1.0
# @ in cc:21@nano:out/1 155904 0.984251
# @ in cc:21@nano:out/1 156416 0.984251
# @ in cc:21@nano:out/1 156928 0.976377
# @ in cc:21@nano:out/1 157440 0.968503
# @ in cc:21@nano:out/1 157952 0.968503 cc:21@nano:out/1 158167 0.960629
# @ in cc:21@nano:out/1 158976 0.952755 cc:21@nano:out/1 159191 0.952755
# @ in cc:21@nano:out/1 160000 0.944881
# @ in cc:21@nano:out/1 160512 0.937007
# @ in cc:21@nano:out/1 161024 0.929133
# @ in cc:21@nano:out/1 161536 0.929133
# @ in cc:21@nano:out/1 162048 0.921259 cc:21@nano:out/1 162263 0.913385
# @ in cc:21@nano:out/1 163072 0.913385 cc:21@nano:out/1 163287 0.905511
# @ in cc:21@nano:out/1 163584 0.897637
# @ in cc:21@nano:out/1 164608 0.897637
# @ in cc:21@nano:out/1 165120 0.889763
# @ in cc:21@nano:out/1 165632 0.881889
# @ in cc:21@nano:out/1 166144 0.874015
# @ in cc:21@nano:out/1 166656 0.874015
# @ in cc:21@nano:out/1 167168 0.866141
# @ in cc:21@nano:out/1 167680 0.858267
# @ in cc:21@nano:out/1 168192 0.850393
# @ in cc:21@nano:out/1 168919 0.842519
# @ in cc:21@nano:out/1 169728 0.834645
# @ in cc:21@nano:out/1 170240 0.834645
# @ in cc:21@nano:out/1 170752 0.826771
# @ in cc:21@nano:out/1 171264 0.818897
# @ in cc:21@nano:out/1 171776 0.818897 cc:21@nano:out/1 171991 0.811023
# @ in cc:21@nano:out/1 172800 0.803149
# @ in cc:21@nano:out/1 173312 0.795275
# @ in cc:21@nano:out/1 173824 0.787401
# @ in cc:21@nano:out/1 174336 0.787401
# @ in cc:21@nano:out/1 174848 0.779527
# @ in cc:21@nano:out/1 175360 0.779527
# @ in cc:21@nano:out/1 175872 0.771653
# @ in cc:21@nano:out/1 176384 0.763779 cc:21@nano:out/1 176599 0.763779
# @ in cc:21@nano:out/1 177408 0.755905
# @ in cc:21@nano:out/1 177920 0.748031
# @ in cc:21@nano:out/1 178432 0.740157
# @ in cc:21@nano:out/1 178944 0.732283
# @ in cc:21@nano:out/1 179456 0.732283
# @ in cc:21@nano:out/1 179968 0.724409 cc:21@nano:out/1 180183 0.724409
# @ in cc:21@nano:out/1 180992 0.716535 cc:21@nano:out/1 181207 0.708661
# @ in cc:21@nano:out/1 181504 0.708661
# @ in cc:21@nano:out/1 182016 0.700787
# @ in cc:21@nano:out/1 182528 0.692913
# @ in cc:21@nano:out/1 183040 0.692913
# @ in cc:21@nano:out/1 183552 0.685039
# @ in cc:21@nano:out/1 184064 0.677165
# @ in cc:21@nano:out/1 184576 0.677165 cc:21@nano:out/1 184791 0.669291
# @ in cc:21@nano:out/1 185088 0.669291
# @ in cc:21@nano:out/1 185600 0.661417
# @ in cc:21@nano:out/1 186112 0.653543 cc:21@nano:out/1 186327 0.653543
# @ in cc:21@nano:out/1 187136 0.645669
# @ in cc:21@nano:out/1 187648 0.637795
# @ in cc:21@nano:out/1 188375 0.629921
# @ in cc:21@nano:out/1 188672 0.629921
# @ in cc:21@nano:out/1 189184 0.622047
# @ in cc:21@nano:out/1 189696 0.614173
# @ in cc:21@nano:out/1 190208 0.614173 cc:21@nano:out/1 190423 0.606299
# @ in cc:21@nano:out/1 191232 0.598425
# @ in cc:21@nano:out/1 191744 0.590551
# @ in cc:21@nano:out/1 192256 0.582677
# @ in cc:21@nano:out/1 192768 0.582677
# @ in cc:21@nano:out/1 193280 0.574803
# @ in cc:21@nano:out/1 193792 0.574803
# @ in cc:21@nano:out/1 194304 0.566929
# @ in cc:21@nano:out/1 194816 0.559055
# @ in cc:21@nano:out/1 195328 0.551181
# @ in cc:21@nano:out/1 195840 0.543307
# @ in cc:21@nano:out/1 196352 0.543307
# @ in cc:21@nano:out/1 196864 0.535433
# @ in cc:21@nano:out/1 197376 0.527559
# @ in cc:21@nano:out/1 197888 0.527559 cc:21@nano:out/1 198103 0.519685
# @ in cc:21@nano:out/1 198912 0.511811
# @ in cc:21@nano:out/1 199424 0.503937
# @ in cc:21@nano:out/1 199936 0.503937
# @ in cc:21@nano:out/1 200448 0.496062
# @ in cc:21@nano:out/1 200960 0.488188
# @ in cc:21@nano:out/1 201472 0.488188
# @ in cc:21@nano:out/1 201984 0.480314
# @ in cc:21@nano:out/1 202496 0.472440
# @ in cc:21@nano:out/1 203008 0.464566
# @ in cc:21@nano:out/1 203520 0.464566
# @ in cc:21@nano:out/1 204032 0.456692
# @ in cc:21@nano:out/1 204544 0.448818
# @ in cc:21@nano:out/1 205271 0.440944
# @ in cc:21@nano:out/1 206080 0.433070 cc:21@nano:out/1 206295 0.433070
# @ in cc:21@nano:out/1 206592 0.425196
# @ in cc:21@nano:out/1 207104 0.417322
# @ in cc:21@nano:out/1 207616 0.417322
# @ in cc:21@nano:out/1 208128 0.409448
# @ in cc:21@nano:out/1 208640 0.409448
# @ in cc:21@nano:out/1 209152 0.401574
# @ in cc:21@nano:out/1 209664 0.393700
# @ in cc:21@nano:out/1 210176 0.393700 cc:21@nano:out/1 210391 0.385826
# @ in cc:21@nano:out/1 210903 0.377952
# @ in cc:21@nano:out/1 211200 0.377952
# @ in cc:21@nano:out/1 211712 0.370078
# @ in cc:21@nano:out/1 212224 0.362204
# @ in cc:21@nano:out/1 212736 0.362204
# @ in cc:21@nano:out/1 213248 0.354330 cc:21@nano:out/1 213463 0.354330
# @ in cc:21@nano:out/1 214272 0.346456 cc:21@nano:out/1 214487 0.338582
# @ in cc:21@nano:out/1 214784 0.338582
# @ in cc:21@nano:out/1 215296 0.330708
# @ in cc:21@nano:out/1 215808 0.322834
# @ in cc:21@nano:out/1 216320 0.322834
# @ in cc:21@nano:out/1 216832 0.314960
# @ in cc:21@nano:out/1 217344 0.314960
# @ in cc:21@nano:out/1 217856 0.307086 cc:21@nano:out/1 218071 0.299212
# @ in cc:21@nano:out/1 218880 0.291338
# @ in cc:21@nano:out/1 219392 0.283464
# @ in cc:21@nano:out/1 219904 0.283464
# @ in cc:21@nano:out/1 220416 0.275590
# @ in cc:21@nano:out/1 220928 0.267716 cc:21@nano:out/1 221143 0.267716
# @ in cc:21@nano:out/1 221952 0.259842 cc:21@nano:out/1 222167 0.259842
# @ in cc:21@nano:out/1 222976 0.244094
# @ in cc:21@nano:out/1 223488 0.244094
# @ in cc:21@nano:out/1 224000 0.236220
# @ in cc:21@nano:out/1 224512 0.228346
# @ in cc:21@nano:out/1 225024 0.228346
# @ in cc:21@nano:out/1 225536 0.220472 cc:21@nano:out/1 225751 0.212598
# @ in cc:21@nano:out/1 226263 0.212598
# @ in cc:21@nano:out/1 226560 0.204724
# @ in cc:21@nano:out/1 227287 0.204724
# @ in cc:21@nano:out/1 227584 0.196850
# @ in cc:21@nano:out/1 228096 0.188976
# @ in cc:21@nano:out/1 228608 0.188976
# @ in cc:21@nano:out/1 229120 0.181102
# @ in cc:21@nano:out/1 229632 0.173228 cc:21@nano:out/1 229847 0.173228
# @ in cc:21@nano:out/1 230656 0.165354 cc:21@nano:out/1 230871 0.157480
# @ in cc:21@nano:out/1 231383 0.157480
# @ in cc:21@nano:out/1 232192 0.149606
# @ in cc:21@nano:out/1 232704 0.141732
# @ in cc:21@nano:out/1 233216 0.133858
# @ in cc:21@nano:out/1 233728 0.133858
# @ in cc:21@nano:out/1 234240 0.125984 cc:21@nano:out/1 234455 0.118110
# @ in cc:21@nano:out/1 235264 0.110236
# @ in cc:21@nano:out/1 235776 0.102362
# @ in cc:21@nano:out/1 236800 0.094488
# @ in cc:21@nano:out/1 237312 0.094488
# @ in cc:21@nano:out/1 237824 0.086614
# @ in cc:21@nano:out/1 238336 0.078740
# @ in cc:21@nano:out/1 238848 0.078740 cc:21@nano:out/1 239063 0.070866
# @ in cc:21@nano:out/1 239872 0.062992 cc:21@nano:out/1 240087 0.062992
# @ in cc:21@nano:out/1 240896 0.047244
# @ in cc:21@nano:out/1 241408 0.047244
# @ in cc:21@nano:out/1 241920 0.039370
# @ in cc:21@nano:out/1 242432 0.039370 cc:21@nano:out/1 242647 0.031496
# @ in cc:21@nano:out/1 243456 0.023622 cc:21@nano:out/1 243671 0.023622
# @ in cc:21@nano:out/1 243968 0.015748
# @ in cc:21@nano:out/1 244480 0.007874
# @ in cc:21@nano:out/1 244992 0.007874
# @ in cc:21@nano:out/1 245504 0.0
# @ in cc:21@nano:out/1 246016 0.0
# @ in cc:21@nano:out/1 246528 0.0
# @ in cc:21@nano:out/1 247040 0.007874
# @ in cc:21@nano:out/1 247552 0.015748
# @ in cc:21@nano:out/1 248064 0.023622
# @ in cc:21@nano:out/1 248576 0.023622
# @ in cc:21@nano:out/1 249088 0.031496
# @ in cc:21@nano:out/1 249600 0.039370
# @ in cc:21@nano:out/1 250112 0.039370
# @ in cc:21@nano:out/1 250624 0.047244
# @ in cc:21@nano:out/1 251136 0.055118
# @ in cc:21@nano:out/1 251648 0.062992
# @ in cc:21@nano:out/1 252160 0.062992
# @ in cc:21@nano:out/1 252672 0.070866
# @ in cc:21@nano:out/1 253184 0.078740 cc:21@nano:out/1 253399 0.078740
# @ in cc:21@nano:out/1 253911 0.086614
# @ in cc:21@nano:out/1 254423 0.094488
# @ in cc:21@nano:out/1 254720 0.094488
# @ in cc:21@nano:out/1 255232 0.102362
# @ in cc:21@nano:out/1 255744 0.102362
# @ in cc:21@nano:out/1 256256 0.110236
# @ in cc:21@nano:out/1 256768 0.118110
# @ in cc:21@nano:out/1 257280 0.118110 cc:21@nano:out/1 257495 0.125984
# @ in cc:21@nano:out/1 258007 0.133858
# @ in cc:21@nano:out/1 258816 0.141732
# @ in cc:21@nano:out/1 259328 0.149606
# @ in cc:21@nano:out/1 259840 0.149606
# @ in cc:21@nano:out/1 260352 0.157480 cc:21@nano:out/1 260567 0.157480
# @ in cc:21@nano:out/1 261376 0.165354
# @ in cc:21@nano:out/1 261888 0.173228
# @ in cc:21@nano:out/1 262400 0.181102
# @ in cc:21@nano:out/1 262912 0.188976
# @ in cc:21@nano:out/1 263424 0.188976
# @ in cc:21@nano:out/1 263936 0.196850 cc:21@nano:out/1 264151 0.204724
# @ in cc:21@nano:out/1 264960 0.204724
# @ in cc:21@nano:out/1 265472 0.212598
# @ in cc:21@nano:out/1 265984 0.220472
# @ in cc:21@nano:out/1 266496 0.228346
# @ in cc:21@nano:out/1 267008 0.228346
# @ in cc:21@nano:out/1 267520 0.236220
# @ in cc:21@nano:out/1 268032 0.244094
# @ in cc:21@nano:out/1 268544 0.244094
# @ in cc:21@nano:out/1 269056 0.251968 cc:21@nano:out/1 269271 0.259842
# @ in cc:21@nano:out/1 269568 0.259842
# @ in cc:21@nano:out/1 270080 0.267716
# @ in cc:21@nano:out/1 270592 0.267716
# @ in cc:21@nano:out/1 271104 0.275590
# @ in cc:21@nano:out/1 271616 0.283464
# @ in cc:21@nano:out/1 272128 0.283464 cc:21@nano:out/1 272343 0.291338
# @ in cc:21@nano:out/1 272855 0.299212
# @ in cc:21@nano:out/1 273152 0.299212
# @ in cc:21@nano:out/1 273664 0.307086
# @ in cc:21@nano:out/1 274176 0.314960
# @ in cc:21@nano:out/1 274688 0.314960
# @ in cc:21@nano:out/1 275200 0.322834
# @ in cc:21@nano:out/1 275712 0.322834
# @ in cc:21@nano:out/1 276224 0.330708
# @ in cc:21@nano:out/1 276736 0.338582 cc:21@nano:out/1 276951 0.338582
# @ in cc:21@nano:out/1 277248 0.346456
# @ in cc:21@nano:out/1 277760 0.354330
# @ in cc:21@nano:out/1 278272 0.354330
# @ in cc:21@nano:out/1 278784 0.362204
# @ in cc:21@nano:out/1 279296 0.362204
# @ in cc:21@nano:out/1 279808 0.370078
# @ in cc:21@nano:out/1 280320 0.377952 cc:21@nano:out/1 280535 0.377952
# @ in cc:21@nano:out/1 281344 0.385826
# @ in cc:21@nano:out/1 281856 0.393700
# @ in cc:21@nano:out/1 282368 0.401574
# @ in cc:21@nano:out/1 282880 0.409448
# @ in cc:21@nano:out/1 283392 0.409448
# @ in cc:21@nano:out/1 283904 0.417322
# @ in cc:21@nano:out/1 284416 0.417322
# @ in cc:21@nano:out/1 284928 0.433070
# @ in cc:21@nano:out/1 285952 0.433070 cc:21@nano:out/1 286167 0.440944
# @ in cc:21@nano:out/1 286464 0.448818
# @ in cc:21@nano:out/1 286976 0.448818
# @ in cc:21@nano:out/1 287488 0.456692
# @ in cc:21@nano:out/1 288000 0.464566
# @ in cc:21@nano:out/1 288512 0.464566
# @ in cc:21@nano:out/1 289024 0.472440
# @ in cc:21@nano:out/1 289536 0.472440 cc:21@nano:out/1 289751 0.480314
# @ in cc:21@nano:out/1 290048 0.488188
# @ in cc:21@nano:out/1 290560 0.488188
# @ in cc:21@nano:out/1 291072 0.496062
# @ in cc:21@nano:out/1 291584 0.503937 cc:21@nano:out/1 291799 0.503937
# @ in cc:21@nano:out/1 292311 0.511811
# @ in cc:21@nano:out/1 292823 0.519685
# @ in cc:21@nano:out/1 293189 0.519685
# @ in cc:21@nano:out/1 293847 0.527559
# @ in cc:21@nano:out/1 294144 0.527559
# @ in cc:21@nano:out/1 294656 0.535433
# @ in cc:21@nano:out/1 295168 0.543307
# @ in cc:21@nano:out/1 295680 0.551181
# @ in cc:21@nano:out/1 296407 0.559055
# @ in cc:21@nano:out/1 297216 0.566929
# @ in cc:21@nano:out/1 298240 0.574803
# @ in cc:21@nano:out/1 298752 0.582677
# @ in cc:21@nano:out/1 299264 0.582677
# @ in cc:21@nano:out/1 299776 0.590551
# @ in cc:21@nano:out/1 300288 0.598425
# @ in cc:21@nano:out/1 300800 0.598425
# @ in cc:21@nano:out/1 301312 0.606299 cc:21@nano:out/1 301527 0.614173
# @ in cc:21@nano:out/1 302039 0.614173
# @ in cc:21@nano:out/1 302336 0.622047
# @ in cc:21@nano:out/1 302848 0.629921
# @ in cc:21@nano:out/1 303360 0.629921
# @ in cc:21@nano:out/1 303872 0.637795
# @ in cc:21@nano:out/1 304384 0.637795
# @ in cc:21@nano:out/1 304896 0.645669
# @ in cc:21@nano:out/1 305408 0.653543
# @ in cc:21@nano:out/1 305920 0.653543
# @ in cc:21@nano:out/1 306432 0.669291
# @ in cc:21@nano:out/1 306944 0.669291
# @ in cc:21@nano:out/1 307456 0.677165
# @ in cc:21@nano:out/1 307968 0.677165
# @ in cc:21@nano:out/1 308480 0.685039
# @ in cc:21@nano:out/1 308992 0.692913
# @ in cc:21@nano:out/1 309504 0.692913
# @ in cc:21@nano:out/1 310016 0.700787
# @ in cc:21@nano:out/1 310528 0.708661 cc:21@nano:out/1 310743 0.708661
# @ in cc:21@nano:out/1 311255 0.716535
# @ in cc:21@nano:out/1 311552 0.724409
# @ in cc:21@nano:out/1 312064 0.724409
# @ in cc:21@nano:out/1 312576 0.732283
# @ in cc:21@nano:out/1 313088 0.732283
# @ in cc:21@nano:out/1 313600 0.740157
# @ in cc:21@nano:out/1 314112 0.748031
# @ in cc:21@nano:out/1 314624 0.748031
# @ in cc:21@nano:out/1 315136 0.755905
# @ in cc:21@nano:out/1 315648 0.763779
# @ in cc:21@nano:out/1 316160 0.771653
# @ in cc:21@nano:out/1 316672 0.779527
# @ in cc:21@nano:out/1 317184 0.779527
# @ in cc:21@nano:out/1 317911 0.787401
# @ in cc:21@nano:out/1 318720 0.795275 cc:21@nano:out/1 318935 0.803149
# @ in cc:21@nano:out/1 319232 0.803149
# @ in cc:21@nano:out/1 319744 0.811023
# @ in cc:21@nano:out/1 320256 0.818897
# @ in cc:21@nano:out/1 320768 0.818897
# @ in cc:21@nano:out/1 321280 0.826771 cc:21@nano:out/1 321495 0.834645
# @ in cc:21@nano:out/1 322007 0.834645
# @ in cc:21@nano:out/1 322304 0.842519
# @ in cc:21@nano:out/1 322816 0.842519 cc:21@nano:out/1 323031 0.850393
# @ in cc:21@nano:out/1 323840 0.858267
# @ in cc:21@nano:out/1 324352 0.866141
# @ in cc:21@nano:out/1 324864 0.874015
# @ in cc:21@nano:out/1 325376 0.874015
# @ in cc:21@nano:out/1 325888 0.881889
# @ in cc:21@nano:out/1 326400 0.889763
# @ in cc:21@nano:out/1 326912 0.889763
# @ in cc:21@nano:out/1 327639 0.897637
# @ in cc:21@nano:out/1 327936 0.905511
# @ in cc:21@nano:out/1 328448 0.913385
# @ in cc:21@nano:out/1 328960 0.913385
# @ in cc:21@nano:out/1 329472 0.921259
# @ in cc:21@nano:out/1 329984 0.929133
# @ in cc:21@nano:out/1 331008 0.937007
# @ in cc:21@nano:out/1 331520 0.944881 cc:21@nano:out/1 331735 0.944881
# @ in cc:21@nano:out/1 332032 0.952755
# @ in cc:21@nano:out/1 332544 0.952755
# @ in cc:21@nano:out/1 333056 0.960629
# @ in cc:21@nano:out/1 333568 0.968503
# @ in cc:21@nano:out/1 334080 0.968503
# @ in cc:21@nano:out/1 334592 0.976377
# @ in cc:21@nano:out/1 335104 0.984251
# @ in cc:21@nano:out/1 335616 0.992125
# @ in cc:10@nano:out/1 336128 1.0
# @ hand 329472 d1.fx.0.0 9000.0
# @ in cc:10@nano:out/1 336640 0.992125
# @ hand 329984 d1.fx.0.0 8734.23933
# @ in cc:10@nano:out/1 337152 0.984251
# @ in cc:10@nano:out/1 337664 0.976377
# @ hand 330496 d1.fx.0.0 8476.3263
# @ hand 330752 d1.fx.0.0 8226.02917
# @ hand 331264 d1.fx.0.0 7983.12306
# @ in cc:10@nano:out/1 338176 0.968503
# @ in cc:10@nano:out/1 338688 0.960629
# @ hand 331776 d1.fx.0.0 7747.38971
# @ in cc:10@nano:out/1 339200 0.952755
# @ in cc:10@nano:out/1 339712 0.944881
# @ hand 332288 d1.fx.0.0 7518.61733
# @ hand 333056 d1.fx.0.0 7296.60035
# @ in cc:10@nano:out/1 340224 0.937007
# @ hand 333568 d1.fx.0.0 7081.13931
# @ in cc:10@nano:out/1 340736 0.929133
# @ in cc:10@nano:out/1 341248 0.921259
# @ hand 334080 d1.fx.0.0 6872.04061
# @ hand 334592 d1.fx.0.0 6669.11637
# @ in cc:10@nano:out/1 341760 0.913385
# @ in cc:10@nano:out/1 342272 0.905511
# @ hand 335104 d1.fx.0.0 6472.18428
# @ hand 335616 d1.fx.0.0 6281.06739
# @ in cc:10@nano:out/1 342784 0.905511
# @ in cc:10@nano:out/1 343296 0.897637
# @ hand 336384 d1.fx.0.0 6095.59398
# @ in cc:10@nano:out/1 343808 0.889763
# @ hand 336896 d1.fx.0.0 5915.59741
# @ hand 337408 d1.fx.0.0 5740.91595
# @ in cc:10@nano:out/1 344320 0.874015
# @ in cc:10@nano:out/1 344832 0.866141
# @ hand 337664 d1.fx.0.0 5571.39266
# @ hand 338176 d1.fx.0.0 5406.87521
# @ in cc:10@nano:out/1 345344 0.866141
# @ in cc:10@nano:out/1 345856 0.858267
# @ hand 339200 d1.fx.0.0 5247.21579
# @ in cc:10@nano:out/1 346368 0.850393
# @ in cc:10@nano:out/1 346880 0.842519
# @ hand 339712 d1.fx.0.0 5092.27095
# @ hand 339968 d1.fx.0.0 4941.90147
# @ in cc:10@nano:out/1 347392 0.834645 cc:10@nano:out/1 347607 0.826771
# @ hand 340480 d1.fx.0.0 4795.97224
# @ hand 340992 d1.fx.0.0 4654.35215
# @ in cc:10@nano:out/1 348416 0.818897
# @ in cc:10@nano:out/1 348928 0.811023
# @ hand 341504 d1.fx.0.0 4516.91396
# @ hand 342272 d1.fx.0.0 4383.53417
# @ in cc:10@nano:out/1 349440 0.803149
# @ hand 342784 d1.fx.0.0 4254.09295
# @ in cc:10@nano:out/1 349952 0.795275
# @ in cc:10@nano:out/1 350464 0.787401
# @ hand 343296 d1.fx.0.0 4128.474
# @ hand 343808 d1.fx.0.0 4006.56444
# @ hand 344064 d1.fx.0.0 3888.25475
# @ in cc:10@nano:out/1 350976 0.779527
# @ in cc:10@nano:out/1 351488 0.771653
# @ in cc:10@nano:out/1 352000 0.763779
# @ in cc:10@nano:out/1 352512 0.755905
# @ hand 345088 d1.fx.0.0 3773.43862
# @ hand 345344 d1.fx.0.0 3662.01289
# @ hand 345856 d1.fx.0.0 3553.87744
# @ in cc:10@nano:out/1 353024 0.748031
# @ in cc:10@nano:out/1 353536 0.740157
# @ hand 346368 d1.fx.0.0 3448.93513
# @ hand 346880 d1.fx.0.0 3347.09165
# @ in cc:10@nano:out/1 354048 0.732283
# @ in cc:10@nano:out/1 354560 0.732283
# @ hand 347392 d1.fx.0.0 3248.2555
# @ in cc:10@nano:out/1 355072 0.724409
# @ hand 348416 d1.fx.0.0 3152.33789
# @ in cc:10@nano:out/1 355584 0.716535
# @ in cc:10@nano:out/1 356096 0.708661
# @ hand 348928 d1.fx.0.0 3059.25262
# @ hand 349184 d1.fx.0.0 2968.91606
# @ hand 349696 d1.fx.0.0 2881.24705
# @ in cc:10@nano:out/1 356608 0.700787
# @ in cc:10@nano:out/1 357120 0.692913
# @ hand 350464 d1.fx.0.0 2796.16681
# @ in cc:10@nano:out/1 357632 0.685039
# @ in cc:10@nano:out/1 358144 0.677165
# @ hand 350976 d1.fx.0.0 2713.5989
# @ hand 351488 d1.fx.0.0 2633.46914
# @ in cc:10@nano:out/1 358656 0.669291 cc:10@nano:out/1 358871 0.661417
# @ hand 352000 d1.fx.0.0 2555.70553
# @ hand 352256 d1.fx.0.0 2480.23819
# @ in cc:10@nano:out/1 359168 0.653543
# @ hand 352512 d1.fx.0.0 2406.99933
# @ in cc:10@nano:out/1 359680 0.645669
# @ hand 352768 d1.fx.0.0 2335.92313
# @ in cc:10@nano:out/1 360192 0.645669
# @ in cc:10@nano:out/1 360704 0.637795
# @ hand 353792 d1.fx.0.0 2266.94575
# @ in cc:10@nano:out/1 361216 0.629921
# @ hand 354560 d1.fx.0.0 2200.00519
# @ hand 354816 d1.fx.0.0 2135.04132
# @ in cc:10@nano:out/1 361728 0.622047
# @ in cc:10@nano:out/1 362240 0.614173
# @ hand 355328 d1.fx.0.0 2071.99576
# @ hand 355840 d1.fx.0.0 2010.81187
# @ in cc:10@nano:out/1 362752 0.606299
# @ in cc:10@nano:out/1 363264 0.598425
# @ hand 356608 d1.fx.0.0 1951.43468
# @ in cc:10@nano:out/1 363776 0.590551
# @ in cc:10@nano:out/1 364288 0.582677
# @ hand 357120 d1.fx.0.0 1893.81084
# @ hand 357632 d1.fx.0.0 1837.88857
# @ in cc:10@nano:out/1 364800 0.574803
# @ hand 357888 d1.fx.0.0 1783.61763
# @ hand 358656 d1.fx.0.0 1730.94925
# @ in cc:10@nano:out/1 365312 0.566929 cc:10@nano:out/1 365527 0.559055
# @ in cc:10@nano:out/1 365824 0.559055
# @ hand 358912 d1.fx.0.0 1679.83611
# @ in cc:10@nano:out/1 366336 0.551181
# @ in cc:10@nano:out/1 366848 0.543307
# @ hand 359680 d1.fx.0.0 1630.23229
# @ hand 360192 d1.fx.0.0 1582.09322
# @ in cc:10@nano:out/1 367360 0.535433
# @ in cc:10@nano:out/1 367872 0.527559
# @ hand 360704 d1.fx.0.0 1535.37565
# @ hand 361216 d1.fx.0.0 1490.0376
# @ in cc:10@nano:out/1 368384 0.519685
# @ hand 361728 d1.fx.0.0 1446.03833
# @ in cc:10@nano:out/1 368896 0.519685
# @ in cc:10@nano:out/1 369408 0.511811
# @ hand 362496 d1.fx.0.0 1403.33832
# @ hand 363008 d1.fx.0.0 1361.8992
# @ in cc:10@nano:out/1 369920 0.496062
# @ hand 363520 d1.fx.0.0 1321.68372
# @ hand 364032 d1.fx.0.0 1282.65577
# @ in cc:10@nano:out/1 370944 0.488188
# @ in cc:10@nano:out/1 371456 0.480314 cc:10@nano:out/1 371671 0.472440
# @ hand 364544 d1.fx.0.0 1244.78028
# @ hand 365056 d1.fx.0.0 1208.02321
# @ in cc:10@nano:out/1 371968 0.472440
# @ in cc:10@nano:out/1 372480 0.464566
# @ hand 365568 d1.fx.0.0 1172.35153
# @ in cc:10@nano:out/1 372992 0.456692
# @ in cc:10@nano:out/1 373504 0.448818
# @ hand 366336 d1.fx.0.0 1137.73321
# @ hand 366848 d1.fx.0.0 1104.13713
# @ in cc:10@nano:out/1 374016 0.440944
# @ hand 367360 d1.fx.0.0 1071.5331
# @ in cc:10@nano:out/1 374528 0.433070
# @ in cc:10@nano:out/1 375040 0.425196
# @ hand 367872 d1.fx.0.0 1039.89184
# @ hand 368384 d1.fx.0.0 1009.18491
# @ in cc:10@nano:out/1 375767 0.417322
# @ hand 369152 d1.fx.0.0 979.384729
# @ in cc:10@nano:out/1 376576 0.401574
# @ in cc:10@nano:out/1 377088 0.393700
# @ hand 369920 d1.fx.0.0 950.464514
# @ hand 370176 d1.fx.0.0 922.398282
# @ hand 370432 d1.fx.0.0 895.160817
# @ in cc:10@nano:out/1 377600 0.385826
# @ hand 370944 d1.fx.0.0 868.727646
# @ in cc:10@nano:out/1 378112 0.377952
# @ hand 371712 d1.fx.0.0 843.07502
# @ hand 372224 d1.fx.0.0 818.179888
# @ in cc:10@nano:out/1 379136 0.362204
# @ hand 372480 d1.fx.0.0 794.019885
# @ in cc:10@nano:out/1 380160 0.330708
# @ hand 373504 d1.fx.0.0 770.573301
# @ hand 373760 d1.fx.0.0 704.306495
# @ in cc:10@nano:out/1 380672 0.322834
# @ hand 374016 d1.fx.0.0 683.509054
# @ in cc:10@nano:out/1 381184 0.307086
# @ in cc:10@nano:out/1 381696 0.299212
# @ hand 374528 d1.fx.0.0 643.738419
# @ hand 375040 d1.fx.0.0 624.729491
# @ in cc:10@nano:out/1 382208 0.299212
# @ in cc:10@nano:out/1 382720 0.291338
# @ hand 376064 d1.fx.0.0 606.281877
# @ in cc:10@nano:out/1 383232 0.283464
# @ hand 376576 d1.fx.0.0 588.379002
# @ hand 377088 d1.fx.0.0 571.00478
# @ in cc:10@nano:out/1 383744 0.275590
# @ in cc:10@nano:out/1 384256 0.267716 cc:10@nano:out/1 384471 0.259842
# @ hand 377600 d1.fx.0.0 554.143601
# @ hand 377856 d1.fx.0.0 537.780315
# @ in cc:10@nano:out/1 385280 0.259842 cc:10@nano:out/1 385495 0.251968
# @ hand 378880 d1.fx.0.0 521.900219
# @ in cc:10@nano:out/1 386007 0.244094
# @ in cc:10@nano:out/1 386304 0.236220
# @ hand 379392 d1.fx.0.0 506.489047
# @ hand 379648 d1.fx.0.0 491.532951
# @ in cc:10@nano:out/1 386816 0.228346
# @ in cc:10@nano:out/1 387328 0.220472
# @ hand 380160 d1.fx.0.0 477.018492
# @ hand 380672 d1.fx.0.0 462.932631
# @ in cc:10@nano:out/1 387840 0.212598
# @ in cc:10@nano:out/1 388352 0.204724
# @ hand 381184 d1.fx.0.0 449.26271
# @ hand 381952 d1.fx.0.0 435.996448
# @ hand 382464 d1.fx.0.0 423.121925
# @ in cc:10@nano:out/1 389376 0.196850 cc:10@nano:out/1 389591 0.188976
# @ in cc:10@nano:out/1 389888 0.181102
# @ hand 382976 d1.fx.0.0 410.627573
# @ hand 383232 d1.fx.0.0 398.502167
# @ in cc:10@nano:out/1 390400 0.173228
# @ in cc:10@nano:out/1 390912 0.173228
# @ hand 383744 d1.fx.0.0 386.734811
# @ in cc:10@nano:out/1 391424 0.165354
# @ in cc:10@nano:out/1 391936 0.157480
# @ hand 384768 d1.fx.0.0 375.314933
# @ hand 385280 d1.fx.0.0 364.232272
# @ in cc:10@nano:out/1 392448 0.149606 cc:10@nano:out/1 392663 0.141732
# @ hand 385536 d1.fx.0.0 353.476871
# @ hand 386048 d1.fx.0.0 343.039065
# @ in cc:10@nano:out/1 393472 0.125984
# @ hand 386560 d1.fx.0.0 332.909477
# @ hand 386816 d1.fx.0.0 323.079006
# @ in cc:10@nano:out/1 393984 0.125984
# @ in cc:10@nano:out/1 394496 0.118110
# @ hand 387840 d1.fx.0.0 313.538818
# @ in cc:10@nano:out/1 395008 0.110236 cc:10@nano:out/1 395223 0.102362
# @ hand 388352 d1.fx.0.0 304.280341
# @ hand 388608 d1.fx.0.0 295.295258
# @ in cc:10@nano:out/1 396032 0.094488 cc:10@nano:out/1 396247 0.086614
# @ hand 389120 d1.fx.0.0 286.575496
# @ hand 389632 d1.fx.0.0 278.113218
# @ in cc:10@nano:out/1 397056 0.078740
# @ hand 390400 d1.fx.0.0 269.900823
# @ in cc:10@nano:out/1 397568 0.070866
# @ in cc:10@nano:out/1 398080 0.062992
# @ hand 390912 d1.fx.0.0 261.930932
# @ hand 391424 d1.fx.0.0 254.196383
# @ in cc:10@nano:out/1 398592 0.055118 cc:10@nano:out/1 398807 0.047244
# @ hand 391936 d1.fx.0.0 246.690227
# @ hand 392192 d1.fx.0.0 239.405721
# @ in cc:10@nano:out/1 399616 0.039370
# @ hand 392704 d1.fx.0.0 232.336318
# @ in cc:10@nano:out/1 400128 0.039370
# @ in cc:10@nano:out/1 400640 0.023622
# @ hand 393728 d1.fx.0.0 225.475667
# @ hand 393984 d1.fx.0.0 218.817605
# @ in cc:10@nano:out/1 401152 0.015748
# @ in cc:10@nano:out/1 401664 0.007874 cc:10@nano:out/1 401879 0.0
# @ hand 394496 d1.fx.0.0 212.356148
# @ hand 395008 d1.fx.0.0 206.085491
# @ hand 395264 d1.fx.0.0 200.0
# @ in cc:10@nano:out/1 402688 0.0
# @ in cc:10@nano:out/1 403200 0.0 cc:10@nano:out/1 403415 0.007874
# @ hand 396800 d1.fx.0.0 206.085491
# @ hand 397056 d1.fx.0.0 212.356148
# @ in cc:10@nano:out/1 403712 0.015748
# @ in cc:10@nano:out/1 404224 0.023622
# @ hand 397568 d1.fx.0.0 218.817605
# @ in cc:10@nano:out/1 404736 0.031496
# @ in cc:10@nano:out/1 405248 0.039370
# @ hand 398080 d1.fx.0.0 225.475667
# @ hand 398592 d1.fx.0.0 232.336318
# @ in cc:10@nano:out/1 405760 0.039370 cc:10@nano:out/1 405975 0.047244
# @ in cc:10@nano:out/1 406487 0.055118
# @ hand 399360 d1.fx.0.0 239.405721
# @ in cc:10@nano:out/1 407296 0.070866
# @ hand 399872 d1.fx.0.0 246.690227
# @ hand 400384 d1.fx.0.0 254.196383
# @ hand 400640 d1.fx.0.0 261.930932
# @ in cc:10@nano:out/1 407808 0.078740
# @ hand 401152 d1.fx.0.0 269.900823
# @ in cc:10@nano:out/1 408320 0.086614
# @ in cc:10@nano:out/1 408832 0.086614
# @ hand 401664 d1.fx.0.0 278.113218
# @ hand 402432 d1.fx.0.0 286.575496
# @ in cc:10@nano:out/1 409344 0.094488
# @ in cc:10@nano:out/1 409856 0.102362 cc:10@nano:out/1 410071 0.110236
# @ hand 402944 d1.fx.0.0 295.295258
# @ in cc:10@nano:out/1 410880 0.125984
# @ hand 403456 d1.fx.0.0 304.280341
# @ hand 403968 d1.fx.0.0 313.538818
# @ hand 404224 d1.fx.0.0 323.079006
# @ in cc:10@nano:out/1 411392 0.125984
# @ in cc:10@nano:out/1 411904 0.133858
# @ in cc:10@nano:out/1 412416 0.141732
# @ hand 405248 d1.fx.0.0 332.909477
# @ hand 405760 d1.fx.0.0 343.039065
# @ in cc:10@nano:out/1 412928 0.149606
# @ in cc:10@nano:out/1 413440 0.157480 cc:10@nano:out/1 413655 0.165354
# @ hand 406016 d1.fx.0.0 353.476871
# @ hand 406528 d1.fx.0.0 364.232272
# @ in cc:10@nano:out/1 414167 0.173228
# @ hand 407040 d1.fx.0.0 375.314933
# @ hand 407552 d1.fx.0.0 386.734811
# @ in cc:10@nano:out/1 414464 0.173228
# @ in cc:10@nano:out/1 414976 0.181102
# @ hand 408320 d1.fx.0.0 398.502167
# @ in cc:10@nano:out/1 415488 0.188976
# @ in cc:10@nano:out/1 416000 0.196850 cc:10@nano:out/1 416215 0.204724
# @ hand 408832 d1.fx.0.0 410.627573
# @ hand 409344 d1.fx.0.0 423.121925
# @ in cc:10@nano:out/1 416512 0.212598
# @ hand 409600 d1.fx.0.0 435.996448
# @ hand 410112 d1.fx.0.0 449.26271
# @ in cc:10@nano:out/1 417536 0.212598
# @ hand 411136 d1.fx.0.0 462.932631
# @ hand 411392 d1.fx.0.0 477.018492
# @ in cc:10@nano:out/1 418048 0.228346
# @ in cc:10@nano:out/1 418560 0.236220
# @ hand 411904 d1.fx.0.0 491.532951
# @ in cc:10@nano:out/1 419072 0.244094
# @ in cc:10@nano:out/1 419584 0.251968
# @ hand 412416 d1.fx.0.0 506.489047
# @ hand 412928 d1.fx.0.0 521.900219
# @ in cc:10@nano:out/1 420096 0.259842
# @ in cc:10@nano:out/1 420608 0.259842
# @ hand 413440 d1.fx.0.0 537.780315
# @ in cc:10@nano:out/1 421120 0.267716
# @ hand 414208 d1.fx.0.0 554.143601
# @ hand 414720 d1.fx.0.0 571.00478
# @ in cc:10@nano:out/1 421632 0.275590
# @ in cc:10@nano:out/1 422144 0.291338
# @ hand 415232 d1.fx.0.0 588.379002
# @ hand 415488 d1.fx.0.0 606.281877
# @ in cc:10@nano:out/1 422656 0.299212
# @ in cc:10@nano:out/1 423168 0.299212
# @ hand 416000 d1.fx.0.0 624.729491
# @ in cc:10@nano:out/1 423680 0.307086 cc:10@nano:out/1 423895 0.314960
# @ in cc:10@nano:out/1 424407 0.322834
# @ hand 417024 d1.fx.0.0 643.738419
# @ hand 417280 d1.fx.0.0 663.32574
# @ hand 417792 d1.fx.0.0 683.509054
# @ hand 418304 d1.fx.0.0 704.306495
# @ in cc:10@nano:out/1 425216 0.330708 cc:10@nano:out/1 425431 0.338582
# @ in cc:10@nano:out/1 425728 0.346456
# @ hand 418816 d1.fx.0.0 725.736748
# @ hand 419072 d1.fx.0.0 747.81907
# @ in cc:10@nano:out/1 426240 0.346456
# @ in cc:10@nano:out/1 426752 0.354330
# @ hand 420096 d1.fx.0.0 770.573301
# @ in cc:10@nano:out/1 427264 0.362204
# @ in cc:10@nano:out/1 427776 0.370078
# @ hand 420608 d1.fx.0.0 794.019885
# @ hand 421120 d1.fx.0.0 818.179888
# @ in cc:10@nano:out/1 428288 0.377952
# @ hand 421376 d1.fx.0.0 843.07502
# @ hand 421888 d1.fx.0.0 868.727646
# @ in cc:10@nano:out/1 428800 0.385826 cc:10@nano:out/1 429015 0.385826
# @ in cc:10@nano:out/1 429312 0.393700
# @ hand 422656 d1.fx.0.0 895.160817
# @ in cc:10@nano:out/1 429824 0.401574
# @ in cc:10@nano:out/1 430336 0.409448
# @ hand 423168 d1.fx.0.0 922.398282
# @ hand 423680 d1.fx.0.0 950.464514
# @ in cc:10@nano:out/1 430848 0.417322
# @ in cc:10@nano:out/1 431360 0.425196
# @ hand 424192 d1.fx.0.0 979.384729
# @ hand 424704 d1.fx.0.0 1009.18491
# @ in cc:10@nano:out/1 431872 0.433070
# @ in cc:10@nano:out/1 432384 0.433070 cc:10@nano:out/1 432599 0.440944
# @ hand 425216 d1.fx.0.0 1039.89184
# @ hand 425984 d1.fx.0.0 1071.5331
# @ in cc:10@nano:out/1 433408 0.448818
# @ hand 426496 d1.fx.0.0 1104.13713
# @ in cc:10@nano:out/1 433920 0.464566
# @ hand 427008 d1.fx.0.0 1137.73321
# @ hand 427264 d1.fx.0.0 1172.35153
# @ in cc:10@nano:out/1 434432 0.472440
# @ in cc:10@nano:out/1 434944 0.472440
# @ hand 427776 d1.fx.0.0 1208.02321
# @ in cc:10@nano:out/1 435456 0.480314
# @ in cc:10@nano:out/1 435968 0.488188
# @ hand 428800 d1.fx.0.0 1244.78028
# @ hand 429312 d1.fx.0.0 1282.65577
# @ in cc:10@nano:out/1 436480 0.496062
# @ in cc:10@nano:out/1 436992 0.503937
# @ hand 429824 d1.fx.0.0 1321.68372
# @ hand 430336 d1.fx.0.0 1361.8992
# @ in cc:10@nano:out/1 437504 0.511811 cc:10@nano:out/1 437719 0.519685
# @ hand 430592 d1.fx.0.0 1403.33832
# @ hand 431104 d1.fx.0.0 1446.03833
# @ in cc:10@nano:out/1 438016 0.519685
# @ in cc:10@nano:out/1 438743 0.527559
# @ in cc:10@nano:out/1 439040 0.535433
# @ hand 432128 d1.fx.0.0 1490.0376
# @ hand 432384 d1.fx.0.0 1535.37565
# @ in cc:10@nano:out/1 439552 0.543307
# @ hand 432896 d1.fx.0.0 1582.09322
# @ in cc:10@nano:out/1 440064 0.551181
# @ in cc:10@nano:out/1 440576 0.559055
# @ hand 433408 d1.fx.0.0 1630.23229
# @ hand 433920 d1.fx.0.0 1679.83611
# @ in cc:10@nano:out/1 441088 0.559055 cc:10@nano:out/1 441303 0.566929
# @ in cc:10@nano:out/1 441600 0.574803
# @ hand 434688 d1.fx.0.0 1730.94925
# @ in cc:10@nano:out/1 442327 0.582677
# @ in cc:10@nano:out/1 442624 0.590551
# @ hand 435200 d1.fx.0.0 1783.61763
# @ hand 435712 d1.fx.0.0 1837.88857
# @ in cc:10@nano:out/1 443136 0.598425
# @ hand 436224 d1.fx.0.0 1893.81084
# @ hand 436480 d1.fx.0.0 1951.43468
# @ in cc:10@nano:out/1 443648 0.606299
# @ in cc:10@nano:out/1 444160 0.606299
# @ hand 436992 d1.fx.0.0 2010.81187
# @ in cc:10@nano:out/1 444672 0.614173
# @ in cc:10@nano:out/1 445184 0.622047
# @ hand 438016 d1.fx.0.0 2071.99576
# @ hand 438272 d1.fx.0.0 2135.04132
# @ hand 438784 d1.fx.0.0 2200.00519
# @ in cc:10@nano:out/1 445696 0.629921
# @ in cc:10@nano:out/1 446208 0.637795
# @ hand 439296 d1.fx.0.0 2266.94575
# @ hand 439808 d1.fx.0.0 2335.92313
# @ in cc:10@nano:out/1 446720 0.645669
# @ in cc:10@nano:out/1 447232 0.653543
# @ hand 440576 d1.fx.0.0 2406.99933
# @ in cc:10@nano:out/1 447744 0.661417
# @ in cc:10@nano:out/1 448256 0.669291
# @ hand 441088 d1.fx.0.0 2480.23819
# @ hand 441600 d1.fx.0.0 2555.70553
# @ in cc:10@nano:out/1 448768 0.677165 cc:10@nano:out/1 448983 0.685039
# @ hand 441856 d1.fx.0.0 2633.46914
# @ hand 442368 d1.fx.0.0 2713.5989
# @ in cc:10@nano:out/1 449792 0.692913
# @ hand 442880 d1.fx.0.0 2796.16681
# @ in cc:10@nano:out/1 450304 0.700787
# @ in cc:10@nano:out/1 450816 0.708661
# @ hand 443648 d1.fx.0.0 2881.24705
# @ hand 444160 d1.fx.0.0 2968.91606
# @ in cc:10@nano:out/1 451328 0.716535
# @ in cc:10@nano:out/1 451840 0.724409
# @ hand 444672 d1.fx.0.0 3059.25262
# @ hand 445184 d1.fx.0.0 3152.33789
# @ in cc:10@nano:out/1 452352 0.732283 cc:10@nano:out/1 452567 0.732283
# @ hand 445696 d1.fx.0.0 3248.2555
# @ in cc:10@nano:out/1 453376 0.740157
# @ hand 446464 d1.fx.0.0 3347.09165
# @ hand 446976 d1.fx.0.0 3448.93513
# @ in cc:10@nano:out/1 453888 0.748031 cc:10@nano:out/1 454103 0.755905
# @ in cc:10@nano:out/1 454400 0.763779
# @ hand 447488 d1.fx.0.0 3553.87744
# @ hand 447744 d1.fx.0.0 3662.01289
# @ in cc:10@nano:out/1 454912 0.771653
# @ in cc:10@nano:out/1 455424 0.779527
# @ hand 448256 d1.fx.0.0 3773.43862
# @ hand 448768 d1.fx.0.0 3888.25475
# @ in cc:10@nano:out/1 455936 0.779527 cc:10@nano:out/1 456151 0.787401
# @ hand 449536 d1.fx.0.0 4006.56444
# @ in cc:10@nano:out/1 456960 0.795275
# @ hand 450048 d1.fx.0.0 4128.474
# @ hand 450560 d1.fx.0.0 4254.09295
# @ in cc:10@nano:out/1 457472 0.811023
# @ in cc:10@nano:out/1 457984 0.818897
# @ hand 450816 d1.fx.0.0 4383.53417
# @ hand 451328 d1.fx.0.0 4516.91396
# @ in cc:10@nano:out/1 458496 0.818897
# @ in cc:10@nano:out/1 459520 0.834645
# @ hand 452608 d1.fx.0.0 4654.35215
# @ in cc:10@nano:out/1 460032 0.842519
# @ hand 452864 d1.fx.0.0 4795.97224
# @ hand 453120 d1.fx.0.0 4941.90147
# @ in cc:10@nano:out/1 460544 0.850393
# @ in cc:10@nano:out/1 461056 0.858267 cc:10@nano:out/1 461271 0.866141
# @ hand 453888 d1.fx.0.0 5092.27095
# @ hand 454144 d1.fx.0.0 5247.21579
# @ in cc:10@nano:out/1 461568 0.866141
# @ hand 454656 d1.fx.0.0 5406.87521
# @ hand 455424 d1.fx.0.0 5571.39266
# @ in cc:10@nano:out/1 462080 0.874015
# @ in cc:10@nano:out/1 462592 0.881889
# @ hand 455936 d1.fx.0.0 5740.91595
# @ in cc:10@nano:out/1 463104 0.889763
# @ in cc:10@nano:out/1 463616 0.897637
# @ hand 456448 d1.fx.0.0 5915.59741
# @ hand 456960 d1.fx.0.0 6095.59398
# @ hand 457216 d1.fx.0.0 6281.06739
# @ in cc:10@nano:out/1 464128 0.905511
# @ hand 457984 d1.fx.0.0 6472.18428
# @ in cc:10@nano:out/1 464640 0.913385
# @ in cc:10@nano:out/1 465367 0.921259
# @ hand 458752 d1.fx.0.0 6669.11637
# @ in cc:10@nano:out/1 465879 0.929133
# @ in cc:10@nano:out/1 466176 0.937007
# @ in cc:10@nano:out/1 466688 0.944881
# @ hand 459520 d1.fx.0.0 7081.13931
# @ hand 460032 d1.fx.0.0 7296.60035
# @ in cc:10@nano:out/1 467200 0.952755
# @ hand 460544 d1.fx.0.0 7518.61733
# @ in cc:10@nano:out/1 467712 0.952755 cc:10@nano:out/1 467927 0.960629
# @ hand 461312 d1.fx.0.0 7747.38971
# @ hand 461824 d1.fx.0.0 7983.12306
# @ in cc:10@nano:out/1 468736 0.968503
# @ in cc:10@nano:out/1 469248 0.976377 cc:10@nano:out/1 469463 0.984251
# @ hand 462336 d1.fx.0.0 8226.02917
# @ in cc:10@nano:out/1 469760 0.992125
# @ hand 462848 d1.fx.0.0 8476.3263
# @ hand 463104 d1.fx.0.0 8734.23933

# @ 5 470784
# pads and keys

# @ 6 484096
pads({36: s("kick"), 38: s("snare"), 42: s("hat")}, ch=1, quant=1/16)
# @ 6 pads 09bb3c 484608

# @ 7 492288
keys(d5, s("flute").release(.4), ch=2)
# @ 7 d5 f37dd4 520960
# @ in note:36@nano:out/1 578519 0.866141
# @ in note:36@nano:out/1 600279 0.0 note:38@nano:out/1 600535 0.708661
# @ in note:38@nano:out/1 622551 0.0 note:36@nano:out/1 622551 0.787401
# @ in note:42@nano:out/1 633303 0.629921
# @ in note:42@nano:out/1 644311 0.0 note:36@nano:out/1 644311 0.0 note:38@nano:out/1 644311 0.787401
# @ in note:38@nano:out/1 666327 0.0 note:36@nano:out/1 666327 0.866141
# @ in note:36@nano:out/1 688343 0.0 note:38@nano:out/1 688343 0.708661
# @ in note:38@nano:out/1 710359 0.0 note:36@nano:out/1 710359 0.787401
# @ in note:42@nano:out/1 721623 0.629921
# @ in note:42@nano:out/1 732631 0.0 note:36@nano:out/1 732631 0.0 note:38@nano:out/1 732631 0.787401
# @ in note:38@nano:out/1 754135 0.0 note:60@nano:out/2 754135 0.629921
# @ in note:63@nano:out/2 773847 0.629921
# @ in note:67@nano:out/2 793559 0.629921
# @ in note:70@nano:out/2 813271 0.629921
# @ in note:60@nano:out/2 833495 0.0
# @ in note:63@nano:out/2 842228 0.0
# @ in note:67@nano:out/2 850903 0.0
# @ in note:70@nano:out/2 859975 0.0

# @ 8 908032
# a gesture, taken once, that goes round

# @ 9 918272
wave = capture(cc(1), 2)
# @ 9 capture 1d4e6d 918272

# @ 10 925440
d2 >> s("marimba*8").gain(.6).pan(wave).degrade_by(wave.fast(2))
# @ in cc:1@nano:out/1 931584 1.0
# @ in cc:1@nano:out/1 932096 0.992125
# @ in cc:1@nano:out/1 932608 0.984251 cc:1@nano:out/1 932823 0.984251
# @ in cc:1@nano:out/1 933632 0.968503
# @ 10 d2 1f3708 934656
# @ in cc:1@nano:out/1 934656 0.960629
# @ in cc:1@nano:out/1 935168 0.952755
# @ in cc:1@nano:out/1 935680 0.952755
# @ in cc:1@nano:out/1 936192 0.944881
# @ in cc:1@nano:out/1 936704 0.944881
# @ in cc:1@nano:out/1 937216 0.937007
# @ in cc:1@nano:out/1 937728 0.929133
# @ in cc:1@nano:out/1 938240 0.921259
# @ in cc:1@nano:out/1 938752 0.913385
# @ in cc:1@nano:out/1 939264 0.913385
# @ in cc:1@nano:out/1 939776 0.897637
# @ in cc:1@nano:out/1 940759 0.897637
# @ in cc:1@nano:out/1 941015 0.889763
# @ in cc:1@nano:out/1 941527 0.889763
# @ in cc:1@nano:out/1 942336 0.874015
# @ in cc:1@nano:out/1 942848 0.874015
# @ in cc:1@nano:out/1 943360 0.866141
# @ in cc:1@nano:out/1 943872 0.858267
# @ in cc:1@nano:out/1 944384 0.858267
# @ in cc:1@nano:out/1 944896 0.842519
# @ in cc:1@nano:out/1 945408 0.842519
# @ in cc:1@nano:out/1 945920 0.834645
# @ in cc:1@nano:out/1 946432 0.834645
# @ in cc:1@nano:out/1 946944 0.826771 cc:1@nano:out/1 947159 0.818897
# @ in cc:1@nano:out/1 947968 0.818897
# @ in cc:1@nano:out/1 948480 0.803149
# @ in cc:1@nano:out/1 948992 0.803149
# @ in cc:1@nano:out/1 949504 0.795275
# @ in cc:1@nano:out/1 950016 0.787401
# @ in cc:1@nano:out/1 950528 0.779527
# @ in cc:1@nano:out/1 951552 0.779527 cc:1@nano:out/1 951767 0.771653
# @ in cc:1@nano:out/1 952576 0.763779
# @ in cc:1@nano:out/1 953088 0.755905
# @ in cc:1@nano:out/1 953600 0.748031
# @ in cc:1@nano:out/1 954112 0.748031 cc:1@nano:out/1 954327 0.740157
# @ in cc:1@nano:out/1 954839 0.732283
# @ in cc:1@nano:out/1 955351 0.732283
# @ in cc:1@nano:out/1 955863 0.724409
# @ in cc:1@nano:out/1 956160 0.724409
# @ in cc:1@nano:out/1 956672 0.716535
# @ in cc:1@nano:out/1 957184 0.708661
# @ in cc:1@nano:out/1 957696 0.708661 cc:1@nano:out/1 957911 0.700787
# @ in cc:1@nano:out/1 958720 0.692913 cc:1@nano:out/1 958935 0.692913
# @ in cc:1@nano:out/1 959447 0.685039
# @ in cc:1@nano:out/1 959744 0.677165
# @ in cc:1@nano:out/1 960256 0.677165
# @ in cc:1@nano:out/1 960768 0.669291
# @ in cc:1@nano:out/1 961280 0.669291
# @ in cc:1@nano:out/1 961792 0.661417 cc:1@nano:out/1 962007 0.653543
# @ in cc:1@nano:out/1 962816 0.653543 cc:1@nano:out/1 963031 0.645669
# @ in cc:1@nano:out/1 963328 0.637795
# @ in cc:1@nano:out/1 963840 0.637795
# @ in cc:1@nano:out/1 964352 0.629921
# @ in cc:1@nano:out/1 964864 0.629921 cc:1@nano:out/1 965079 0.622047
# @ in cc:1@nano:out/1 965591 0.614173
# @ in cc:1@nano:out/1 966400 0.614173
# @ in cc:1@nano:out/1 966912 0.598425
# @ in cc:1@nano:out/1 967424 0.598425
# @ in cc:1@nano:out/1 967936 0.590551
# @ in cc:1@nano:out/1 968448 0.582677
# @ in cc:1@nano:out/1 968960 0.582677 cc:1@nano:out/1 969175 0.574803
# @ in cc:1@nano:out/1 969687 0.574803
# @ in cc:1@nano:out/1 970199 0.566929
# @ in cc:1@nano:out/1 970496 0.559055
# @ in cc:1@nano:out/1 971008 0.559055
# @ in cc:1@nano:out/1 971520 0.551181
# @ in cc:1@nano:out/1 972032 0.543307
# @ in cc:1@nano:out/1 972544 0.543307
# @ in cc:1@nano:out/1 973056 0.535433
# @ in cc:1@nano:out/1 973568 0.527559
# @ in cc:1@nano:out/1 974080 0.519685
# @ in cc:1@nano:out/1 974592 0.519685
# @ in cc:1@nano:out/1 975104 0.511811
# @ in cc:1@nano:out/1 975616 0.503937 cc:1@nano:out/1 975831 0.503937
# @ in cc:1@nano:out/1 976343 0.496062
# @ in cc:1@nano:out/1 977152 0.488188 cc:1@nano:out/1 977367 0.488188
# @ in cc:1@nano:out/1 977664 0.480314
# @ in cc:1@nano:out/1 978176 0.472440
# @ in cc:1@nano:out/1 978688 0.472440
# @ in cc:1@nano:out/1 979200 0.464566 cc:1@nano:out/1 979415 0.464566
# @ in cc:1@nano:out/1 979927 0.456692
# @ in cc:1@nano:out/1 980439 0.448818
# @ in cc:1@nano:out/1 981248 0.440944
# @ in cc:1@nano:out/1 981760 0.433070
# @ in cc:1@nano:out/1 982272 0.433070
# @ in cc:1@nano:out/1 982784 0.417322
# @ in cc:1@nano:out/1 983511 0.417322
# @ in cc:1@nano:out/1 984320 0.409448 cc:1@nano:out/1 984535 0.409448
# @ in cc:1@nano:out/1 984832 0.401574
# @ in cc:1@nano:out/1 985344 0.393700
# @ in cc:1@nano:out/1 985856 0.393700
# @ in cc:1@nano:out/1 986368 0.385826
# @ in cc:1@nano:out/1 986880 0.377952
# @ in cc:1@nano:out/1 987607 0.370078
# @ in cc:1@nano:out/1 987904 0.362204
# @ in cc:1@nano:out/1 988416 0.362204
# @ in cc:1@nano:out/1 988928 0.354330
# @ in cc:1@nano:out/1 989440 0.354330
# @ in cc:1@nano:out/1 989952 0.346456
# @ in cc:1@nano:out/1 990464 0.338582
# @ in cc:1@nano:out/1 990976 0.338582
# @ in cc:1@nano:out/1 991488 0.330708 cc:1@nano:out/1 991703 0.322834
# @ in cc:1@nano:out/1 992512 0.314960
# @ in cc:1@nano:out/1 993024 0.314960
# @ in cc:1@nano:out/1 993536 0.307086
# @ in cc:1@nano:out/1 994048 0.299212
# @ in cc:1@nano:out/1 995072 0.291338
# @ in cc:1@nano:out/1 995584 0.283464
# @ in cc:1@nano:out/1 996096 0.275590
# @ in cc:1@nano:out/1 996608 0.267716
# @ in cc:1@nano:out/1 997120 0.267716
# @ in cc:1@nano:out/1 997632 0.259842
# @ in cc:1@nano:out/1 998144 0.259842
# @ in cc:1@nano:out/1 998656 0.251968
# @ in cc:1@nano:out/1 999168 0.244094
# @ in cc:1@nano:out/1 999680 0.244094 cc:1@nano:out/1 999895 0.236220
# @ in cc:1@nano:out/1 1000704 0.228346
# @ in cc:1@nano:out/1 1001216 0.220472
# @ in cc:1@nano:out/1 1001728 0.212598
# @ in cc:1@nano:out/1 1002240 0.212598
# @ in cc:1@nano:out/1 1002752 0.204724
# @ in cc:1@nano:out/1 1003264 0.204724 cc:1@nano:out/1 1003479 0.196850
# @ in cc:1@nano:out/1 1003776 0.188976
# @ in cc:1@nano:out/1 1004288 0.188976
# @ in cc:1@nano:out/1 1004800 0.181102
# @ in cc:1@nano:out/1 1005312 0.173228 cc:1@nano:out/1 1005527 0.173228
# @ in cc:1@nano:out/1 1006336 0.165354
# @ in cc:1@nano:out/1 1006848 0.157480
# @ in cc:1@nano:out/1 1007360 0.149606
# @ in cc:1@nano:out/1 1007872 0.149606
# @ in cc:1@nano:out/1 1008384 0.141732
# @ in cc:1@nano:out/1 1008896 0.133858
# @ in cc:1@nano:out/1 1009408 0.133858 cc:1@nano:out/1 1009623 0.125984
# @ in cc:1@nano:out/1 1010432 0.118110 cc:1@nano:out/1 1010647 0.118110
# @ in cc:1@nano:out/1 1011456 0.102362
# @ in cc:1@nano:out/1 1011968 0.102362
# @ in cc:1@nano:out/1 1012480 0.094488
# @ in cc:1@nano:out/1 1012992 0.094488
# @ in cc:1@nano:out/1 1013504 0.086614
# @ in cc:1@nano:out/1 1014016 0.078740
# @ in cc:1@nano:out/1 1014528 0.078740
# @ in cc:1@nano:out/1 1015040 0.062992
# @ in cc:1@nano:out/1 1015552 0.062992
# @ in cc:1@nano:out/1 1016064 0.055118
# @ in cc:1@nano:out/1 1016576 0.047244
# @ in cc:1@nano:out/1 1017088 0.047244
# @ in cc:1@nano:out/1 1017600 0.039370
# @ in cc:1@nano:out/1 1018112 0.039370
# @ in cc:1@nano:out/1 1018624 0.023622
# @ in cc:1@nano:out/1 1019136 0.023622
# @ in cc:1@nano:out/1 1019648 0.015748
# @ in cc:1@nano:out/1 1020160 0.007874 cc:1@nano:out/1 1020375 0.007874
# @ in cc:1@nano:out/1 1020887 0.0
# @ in cc:1@nano:out/1 1021696 0.0
# @ in cc:1@nano:out/1 1022208 0.007874
# @ in cc:1@nano:out/1 1022720 0.007874
# @ in cc:1@nano:out/1 1023232 0.015748
# @ in cc:1@nano:out/1 1023744 0.023622 cc:1@nano:out/1 1023959 0.023622
# @ in cc:1@nano:out/1 1024768 0.031496
# @ in cc:1@nano:out/1 1025280 0.039370
# @ in cc:1@nano:out/1 1025792 0.047244
# @ in cc:1@nano:out/1 1026304 0.047244
# @ in cc:1@nano:out/1 1026816 0.055118
# @ in cc:1@nano:out/1 1027328 0.062992
# @ in cc:1@nano:out/1 1027840 0.062992 cc:1@nano:out/1 1028055 0.070866
# @ in cc:1@nano:out/1 1028352 0.078740
# @ in cc:1@nano:out/1 1029079 0.078740
# @ in cc:1@nano:out/1 1029376 0.086614
# @ in cc:1@nano:out/1 1029888 0.094488
# @ in cc:1@nano:out/1 1030400 0.094488
# @ in cc:1@nano:out/1 1030912 0.102362
# @ in cc:1@nano:out/1 1031424 0.102362
# @ in cc:1@nano:out/1 1031936 0.110236 cc:1@nano:out/1 1032151 0.118110
# @ in cc:1@nano:out/1 1032663 0.118110
# @ in cc:1@nano:out/1 1033175 0.125984
# @ in cc:1@nano:out/1 1033472 0.133858
# @ in cc:1@nano:out/1 1033984 0.133858
# @ in cc:1@nano:out/1 1034496 0.141732
# @ in cc:1@nano:out/1 1035008 0.149606
# @ in cc:1@nano:out/1 1035520 0.149606 cc:1@nano:out/1 1035735 0.157480
# @ in cc:1@nano:out/1 1036544 0.157480
# @ in cc:1@nano:out/1 1037056 0.173228
# @ in cc:1@nano:out/1 1037568 0.173228
# @ in cc:1@nano:out/1 1038080 0.181102
# @ in cc:1@nano:out/1 1038592 0.188976
# @ in cc:1@nano:out/1 1039104 0.188976
# @ in cc:1@nano:out/1 1039616 0.196850
# @ in cc:1@nano:out/1 1040128 0.204724
# @ in cc:1@nano:out/1 1040640 0.212598
# @ in cc:1@nano:out/1 1041152 0.212598
# @ in cc:1@nano:out/1 1041664 0.220472
# @ in cc:1@nano:out/1 1042176 0.228346
# @ in cc:1@nano:out/1 1042903 0.236220
# @ in cc:1@nano:out/1 1043415 0.244094
# @ in cc:1@nano:out/1 1043927 0.244094
# @ in cc:1@nano:out/1 1044224 0.251968
# @ in cc:1@nano:out/1 1044736 0.259842
# @ in cc:1@nano:out/1 1045248 0.259842
# @ in cc:1@nano:out/1 1045760 0.267716
# @ in cc:1@nano:out/1 1046272 0.267716
# @ in cc:1@nano:out/1 1046784 0.275590 cc:1@nano:out/1 1046999 0.283464
# @ in cc:1@nano:out/1 1047511 0.283464
# @ in cc:1@nano:out/1 1047808 0.291338
# @ in cc:1@nano:out/1 1048320 0.299212
# @ in cc:1@nano:out/1 1048832 0.299212
# @ in cc:1@nano:out/1 1049344 0.307086
# @ in cc:1@nano:out/1 1049856 0.314960 cc:1@nano:out/1 1050071 0.314960
# @ in cc:1@nano:out/1 1050583 0.322834
# @ in cc:1@nano:out/1 1051392 0.330708
# @ in cc:1@nano:out/1 1051904 0.338582
# @ in cc:1@nano:out/1 1052416 0.338582
# @ in cc:1@nano:out/1 1052928 0.346456
# @ in cc:1@nano:out/1 1053440 0.354330
# @ in cc:1@nano:out/1 1053952 0.354330
# @ in cc:1@nano:out/1 1054464 0.362204
# @ in cc:1@nano:out/1 1054976 0.362204
# @ in cc:1@nano:out/1 1055488 0.370078
# @ in cc:1@nano:out/1 1056000 0.377952 cc:1@nano:out/1 1056215 0.377952
# @ in cc:1@nano:out/1 1056512 0.385826
# @ in cc:1@nano:out/1 1057024 0.393700
# @ in cc:1@nano:out/1 1057536 0.393700
# @ in cc:1@nano:out/1 1058048 0.401574
# @ in cc:1@nano:out/1 1058560 0.409448
# @ in cc:1@nano:out/1 1059072 0.409448
# @ in cc:1@nano:out/1 1059584 0.417322
# @ in cc:1@nano:out/1 1060096 0.417322
# @ in cc:1@nano:out/1 1060608 0.425196 cc:1@nano:out/1 1060823 0.433070
# @ in cc:1@nano:out/1 1061120 0.433070
# @ in cc:1@nano:out/1 1061632 0.440944
# @ in cc:1@nano:out/1 1062254 0.448818
# @ in cc:1@nano:out/1 1062656 0.448818
# @ in cc:1@nano:out/1 1063168 0.456692
# @ in cc:1@nano:out/1 1063680 0.464566
# @ in cc:1@nano:out/1 1064192 0.464566
# @ in cc:1@nano:out/1 1064704 0.472440
# @ in cc:1@nano:out/1 1065216 0.472440 cc:1@nano:out/1 1065431 0.480314
# @ in cc:1@nano:out/1 1066240 0.488188
# @ in cc:1@nano:out/1 1066752 0.488188
# @ in cc:1@nano:out/1 1067264 0.503937
# @ in cc:1@nano:out/1 1067776 0.503937
# @ in cc:1@nano:out/1 1068288 0.511811
# @ in cc:1@nano:out/1 1068800 0.519685
# @ in cc:1@nano:out/1 1069312 0.519685 cc:1@nano:out/1 1069527 0.527559
# @ in cc:1@nano:out/1 1069824 0.527559
# @ in cc:1@nano:out/1 1070848 0.535433
# @ in cc:1@nano:out/1 1071360 0.543307
# @ in cc:1@nano:out/1 1071872 0.551181
# @ in cc:1@nano:out/1 1072384 0.559055
# @ in cc:1@nano:out/1 1072896 0.559055
# @ in cc:1@nano:out/1 1073408 0.566929
# @ in cc:1@nano:out/1 1073920 0.574803 cc:1@nano:out/1 1074135 0.574803
# @ in cc:1@nano:out/1 1074944 0.582677 cc:1@nano:out/1 1075159 0.582677
# @ in cc:1@nano:out/1 1075456 0.590551
# @ in cc:1@nano:out/1 1075968 0.598425
# @ in cc:1@nano:out/1 1076480 0.598425
# @ in cc:1@nano:out/1 1076992 0.606299
# @ in cc:1@nano:out/1 1077504 0.614173
# @ in cc:1@nano:out/1 1078016 0.614173
# @ in cc:1@nano:out/1 1078528 0.622047
# @ in cc:1@nano:out/1 1079040 0.629921 cc:1@nano:out/1 1079255 0.629921
# @ in cc:1@nano:out/1 1079552 0.637795
# @ in cc:1@nano:out/1 1080064 0.637795
# @ in cc:1@nano:out/1 1080576 0.645669
# @ in cc:1@nano:out/1 1081088 0.653543
# @ in cc:1@nano:out/1 1081600 0.653543
# @ in cc:1@nano:out/1 1082112 0.661417
# @ in cc:1@nano:out/1 1082624 0.669291 cc:1@nano:out/1 1082839 0.669291
# @ in cc:1@nano:out/1 1083648 0.677165
# @ in cc:1@nano:out/1 1084160 0.685039
# @ in cc:1@nano:out/1 1084672 0.692913
# @ in cc:1@nano:out/1 1085184 0.692913 cc:1@nano:out/1 1085399 0.700787
# @ in cc:1@nano:out/1 1085911 0.708661
# @ in cc:1@nano:out/1 1086423 0.708661
# @ in cc:1@nano:out/1 1086935 0.716535
# @ in cc:1@nano:out/1 1087232 0.724409
# @ in cc:1@nano:out/1 1087744 0.724409
# @ in cc:1@nano:out/1 1088256 0.732283
# @ in cc:1@nano:out/1 1088768 0.732283
# @ in cc:1@nano:out/1 1089280 0.740157 cc:1@nano:out/1 1089495 0.748031
# @ in cc:1@nano:out/1 1090304 0.748031
# @ in cc:1@nano:out/1 1090816 0.763779
# @ in cc:1@nano:out/1 1091543 0.763779
# @ in cc:1@nano:out/1 1091840 0.771653
# @ in cc:1@nano:out/1 1092352 0.779527
# @ in cc:1@nano:out/1 1092864 0.779527
# @ in cc:1@nano:out/1 1093376 0.787401
# @ in cc:1@nano:out/1 1093888 0.795275
# @ in cc:1@nano:out/1 1094912 0.803149
# @ in cc:1@nano:out/1 1095639 0.811023
# @ in cc:1@nano:out/1 1096448 0.818897
# @ in cc:1@nano:out/1 1096960 0.826771
# @ in cc:1@nano:out/1 1097472 0.834645
# @ in cc:1@nano:out/1 1097984 0.834645
# @ in cc:1@nano:out/1 1098496 0.842519
# @ in cc:1@nano:out/1 1099008 0.842519
# @ in cc:1@nano:out/1 1099520 0.850393
# @ in cc:1@nano:out/1 1100032 0.858267 cc:1@nano:out/1 1100247 0.858267
# @ in cc:1@nano:out/1 1100544 0.866141
# @ in cc:1@nano:out/1 1101056 0.874015
# @ in cc:1@nano:out/1 1101568 0.874015
# @ in cc:1@nano:out/1 1102080 0.881889
# @ in cc:1@nano:out/1 1102592 0.889763 cc:1@nano:out/1 1102807 0.889763
# @ in cc:1@nano:out/1 1103616 0.897637
# @ in cc:1@nano:out/1 1104128 0.905511
# @ in cc:1@nano:out/1 1104640 0.913385
# @ in cc:1@nano:out/1 1105152 0.913385
# @ in cc:1@nano:out/1 1105664 0.929133
# @ in cc:1@nano:out/1 1106688 0.929133 cc:1@nano:out/1 1106903 0.937007
# @ in cc:1@nano:out/1 1107200 0.944881
# @ in cc:1@nano:out/1 1107712 0.944881
# @ in cc:1@nano:out/1 1108224 0.952755
# @ in cc:1@nano:out/1 1108736 0.952755
# @ in cc:1@nano:out/1 1109248 0.960629 cc:1@nano:out/1 1109463 0.968503
# @ in cc:1@nano:out/1 1110272 0.976377
# @ in cc:1@nano:out/1 1110784 0.984251
# @ in cc:1@nano:out/1 1111296 0.984251
# @ in cc:1@nano:out/1 1111808 0.992125

# @ 11 1196800
# three places under two knobs

# @ 12 1206016
space = learn_space(cc(2), cc(3))
# @ answer 13.1 {"latent":{"bytes\u0020in\u0020base64":"MJIKwJYvE79FxtU/Z2bxPnwlLEDcwwS/A68qwK1YrUBKf/Y/tJPbvxYzYMB6V1S+EssSQHQsMEDBEWg/mSCfP7cpEz90LBTALAhnP0qv+z9WE9A/ywZcP+G9Dj9Mu6ZAoLj7PJgXKsBfjyRAfoVVQOXp4j9wPFS9emuUP+d9hb/IQ1hAZ+YAwFbK8L/oDjY82FHxvq2d8T50HuI/kGmUv9riWj9yvKe/bHXdv1Fpob9gf8O/ybUFQAqRfcD+SlBAStHAP/hruj//ehdA2ZkzPxcyLz+gmem9xslswI5IeMDAZBU9HQFuP3Gc2T+oL5hAwP2aPBFTrr9C9mE/n3imPiDsFUCRW3Y/xkRGv1daoL0M3lM+wyqSvnCQXj/wnfI+7kAEwNQo/z/uprG+/nnBP3hvWUAmIhY+sSYXQOkTt0DafLnAirKmP/LH0D87y0K/LwXWvvQD4z5SBI5AunyCv3zipD5al0vA20d0P74nGL5fVFA+dFwEQNb387+c7N09GsebPiolI76cfERAiwR5v6yiDUAgL3w+6ZfOv4g/xT9zYck+8gGFvtbkK8CRdcC/7eO0Pv5JV8Dxtsc/dI4ov+1MpL+nuTTAHiMTv7ujUL/aSLNAyVQCwN5Wvz/EWy5AdvipwLrcCcC1KSnAghekvvhnJcCcggc/VWrtPxjpU78="}}
# @ answer 13.2 {"latent":{"bytes\u0020in\u0020base64":"0buOPag5+T3rDti+Ie6FPx/8M7+gdSk+P41rv6BfiD2kNX8/mSnJvzAscLxmueG/DDf4Ph+vh79wF/O/PIbUPuGbXL9IzZ6/HnRbvw6kID+yW5s/YJRav3C1t78cobfAHm7gP6jVEcCQQqi/17+uv6iMBb/VmKC/UAwmvrvyg7/Uava+cfSfPgJ9NT9Gs++/Y0uEPnlaLT8tcpk/VtGQP7ZBgj+nlTdANCScPokEj77wDLY/TGjOvwKC7j/gqp7AWAT4v3GAxD27Hc2/Fedmv+rmKr/VqlO/wNxMQGh3jD+mAaI+RXNfP74foL9wDse/s7mjvhM2Gr91QRe/+qzIPv1jN79iRiE+qwOIP4SejcCuuYY/CJRYvub9FUDqSxDAbVgMwJAOsD7cJHTAKmuVvgLvCMCY9i++SFpGvyMWKcDUTq6/g5aAPyBNB7/KK7o/T8EGv03kDUAOBxy+zoyOP3Ygdj6G7o8+gMbAPqToCL+FtwDAQDKsOzWuq7+sdzk/oDV6vwqGN0BGjNO/2AU1PzKJDD/E6+8+viZLPxMotz8jmGU/9iUUP6MONz9R+R7ArKL1PlDWc0BAWoq/aDvAv4pBq78+40S/BA2Xvfida7/eXjLABvLiv6Trkr9A2Ps+tACkP8CgHEDHkra/sC4UPq1RZz/AHQu8AfsGv2hK5zw="}}
# @ answer 13.3 {"latent":{"bytes\u0020in\u0020base64":"azuYvpBETL3y5R6/YuMEP7I23r+xc+k+DqHOPxwmM0DRAXy/X39/v9R6/z+KBZM/+NCqPJoSer/ynIe/mGHXP/AVF78RIxq+eikov8qrlT6R8k9At7+mvZQ/psAiqnA/MHIePnAeTT2MKpw/ZMk7wE5FVEAMg/W9+Qw0Ppi8yr4G7SpALJ0qPqvpRj9HXHq/pHqEvTZEPT+EiqM+FxExQBySIT/OD2a/SiuZP8uraL8sjcM/E81fP0D19juvCwzANGoNQLdIbEAGbia+hhL+v36Mbj6KVSi/ADxvP0N6oz8QH4M/YV8BwFzsZUCTV/m+0mvuvjHpC7745Ua/S+H8Pgz+IL8eigw/oAOiO7YjUT7O4Se/H+MTwGzhzb4ethg/KIAHv6Uboj+52hzA+FXovDtxS78P8Ty/VPHtPcwX3L9IHqc/zoe/vlwdJD3gbNE+TsW6vkhK1T/jdR6/xSIbv2AZzr0JoUM/rMs/v0YTiL8enkXA8vZAwIuVGsDY3ne+wNt5PwYN9j4X1xg+uKkEwKBROb+0eKG/aCwjPB4BWMAy65U+Ycw+wOL5N0D1JW6/+i5svfS/pb3yHQC/cKW7P49NCL9Kvpm/VEQsPnxgiT94dLC//P3JvoWRcb5anFxAgDjnv/NUHsDfg5G/4WwuvygdeL7yBbe+KFeVPuRFuz8="}}

# @ 13 1216256
space.mark("choir", at=(0, 0)); space.mark("flute", at=(1, .5)); space.mark("cello", at=(0, 1))

# @ 14 1231104
d3 >> extend("strings(3,8)", space, .5).gain(.6)
# @ 13 mark b5edc5 1234176
# @ 13 mark c8e305 1234176
# @ 13 mark 7a0b06 1234176
# @ 14 d3 9be77b 1241856
# @ in cc:2@nano:out/1 1317632 1.0
# @ in cc:2@nano:out/1 1318144 0.984251
# @ in cc:2@nano:out/1 1318656 0.984251
# @ in cc:2@nano:out/1 1319168 0.976377
# @ in cc:2@nano:out/1 1319680 0.968503
# @ in cc:2@nano:out/1 1320192 0.960629
# @ in cc:2@nano:out/1 1320919 0.952755
# @ in cc:2@nano:out/1 1321431 0.952755
# @ in cc:2@nano:out/1 1321943 0.944881
# @ in cc:2@nano:out/1 1322240 0.944881
# @ in cc:2@nano:out/1 1322752 0.937007
# @ in cc:2@nano:out/1 1323264 0.929133
# @ in cc:2@nano:out/1 1323776 0.921259
# @ in cc:2@nano:out/1 1324288 0.913385
# @ in cc:2@nano:out/1 1325015 0.913385
# @ in cc:2@nano:out/1 1325312 0.905511
# @ in cc:2@nano:out/1 1326336 0.897637
# @ in cc:2@nano:out/1 1326848 0.889763
# @ in cc:2@nano:out/1 1327360 0.889763
# @ in cc:2@nano:out/1 1327872 0.881889
# @ in cc:2@nano:out/1 1328384 0.874015 cc:2@nano:out/1 1328599 0.874015
# @ in cc:2@nano:out/1 1329408 0.866141 cc:2@nano:out/1 1329623 0.858267
# @ in cc:2@nano:out/1 1330135 0.858267
# @ in cc:2@nano:out/1 1330647 0.850393
# @ in cc:2@nano:out/1 1330944 0.842519
# @ in cc:2@nano:out/1 1331456 0.842519
# @ in cc:2@nano:out/1 1331968 0.834645
# @ in cc:2@nano:out/1 1332480 0.834645
# @ in cc:2@nano:out/1 1332992 0.826771
# @ in cc:2@nano:out/1 1333504 0.818897
# @ in cc:2@nano:out/1 1334016 0.818897
# @ in cc:2@nano:out/1 1334528 0.811023
# @ in cc:2@nano:out/1 1335040 0.803149
# @ in cc:2@nano:out/1 1335552 0.803149 cc:2@nano:out/1 1335767 0.795275
# @ in cc:2@nano:out/1 1336576 0.787401
# @ in cc:2@nano:out/1 1337088 0.779527
# @ in cc:2@nano:out/1 1337600 0.779527
# @ in cc:2@nano:out/1 1338112 0.771653
# @ in cc:2@nano:out/1 1338624 0.763779 cc:2@nano:out/1 1338839 0.763779
# @ in cc:2@nano:out/1 1339351 0.755905
# @ in cc:2@nano:out/1 1340160 0.748031
# @ in cc:2@nano:out/1 1340672 0.740157
# @ in cc:2@nano:out/1 1341184 0.732283
# @ in cc:2@nano:out/1 1341696 0.724409
# @ in cc:2@nano:out/1 1342423 0.724409
# @ in cc:2@nano:out/1 1342720 0.716535
# @ in cc:2@nano:out/1 1343232 0.708661
# @ in cc:2@nano:out/1 1343744 0.708661
# @ in cc:2@nano:out/1 1344256 0.700787
# @ in cc:2@nano:out/1 1344768 0.692913
# @ in cc:2@nano:out/1 1345280 0.692913
# @ in cc:2@nano:out/1 1345792 0.685039
# @ in cc:2@nano:out/1 1346304 0.677165 cc:2@nano:out/1 1346519 0.677165
# @ in cc:2@nano:out/1 1347031 0.669291
# @ in cc:2@nano:out/1 1347840 0.661417
# @ in cc:2@nano:out/1 1348864 0.653543
# @ in cc:2@nano:out/1 1349376 0.645669
# @ in cc:2@nano:out/1 1349888 0.637795
# @ in cc:2@nano:out/1 1350400 0.637795
# @ in cc:2@nano:out/1 1350912 0.629921 cc:2@nano:out/1 1351127 0.629921
# @ in cc:2@nano:out/1 1351936 0.622047
# @ in cc:2@nano:out/1 1352448 0.614173
# @ in cc:2@nano:out/1 1352960 0.606299
# @ in cc:2@nano:out/1 1353472 0.598425
# @ in cc:2@nano:out/1 1353984 0.598425
# @ in cc:2@nano:out/1 1354496 0.590551
# @ in cc:2@nano:out/1 1355520 0.582677 cc:2@nano:out/1 1355735 0.574803
# @ in cc:2@nano:out/1 1356544 0.574803
# @ in cc:2@nano:out/1 1357056 0.559055
# @ in cc:2@nano:out/1 1357568 0.559055
# @ in cc:2@nano:out/1 1358080 0.551181
# @ in cc:2@nano:out/1 1358592 0.543307
# @ in cc:2@nano:out/1 1359104 0.543307
# @ in cc:2@nano:out/1 1360128 0.527559
# @ in cc:2@nano:out/1 1360640 0.527559
# @ in cc:2@nano:out/1 1361152 0.519685
# @ in cc:2@nano:out/1 1361664 0.511811
# @ in cc:2@nano:out/1 1362176 0.503937
# @ in cc:2@nano:out/1 1362688 0.503937
# @ in cc:2@nano:out/1 1363200 0.496062
# @ in cc:2@nano:out/1 1363712 0.488188
# @ in cc:2@nano:out/1 1364224 0.480314
# @ in cc:2@nano:out/1 1365248 0.472440 cc:2@nano:out/1 1365463 0.472440
# @ in cc:2@nano:out/1 1365760 0.464566
# @ in cc:2@nano:out/1 1366272 0.464566
# @ in cc:2@nano:out/1 1366784 0.456692
# @ in cc:2@nano:out/1 1367296 0.448818
# @ in cc:2@nano:out/1 1367808 0.448818
# @ in cc:2@nano:out/1 1368320 0.440944
# @ in cc:2@nano:out/1 1368832 0.433070 cc:2@nano:out/1 1369047 0.433070
# @ in cc:2@nano:out/1 1369856 0.417322
# @ in cc:2@nano:out/1 1370368 0.417322
# @ in cc:2@nano:out/1 1370880 0.409448
# @ in cc:2@nano:out/1 1371392 0.409448
# @ in cc:2@nano:out/1 1371904 0.401574
# @ in cc:2@nano:out/1 1372416 0.393700 cc:2@nano:out/1 1372631 0.393700
# @ in cc:2@nano:out/1 1373440 0.385826
# @ in cc:2@nano:out/1 1373952 0.377952
# @ in cc:2@nano:out/1 1374464 0.370078
# @ in cc:2@nano:out/1 1374976 0.362204
# @ in cc:2@nano:out/1 1375488 0.362204
# @ in cc:2@nano:out/1 1376000 0.354330 cc:2@nano:out/1 1376215 0.354330
# @ in cc:2@nano:out/1 1376727 0.346456
# @ in cc:2@nano:out/1 1377239 0.338582
# @ in cc:2@nano:out/1 1377536 0.338582
# @ in cc:2@nano:out/1 1378048 0.330708
# @ in cc:2@nano:out/1 1378560 0.322834
# @ in cc:2@nano:out/1 1379072 0.314960
# @ in cc:2@nano:out/1 1379799 0.314960
# @ in cc:2@nano:out/1 1380311 0.307086
# @ in cc:2@nano:out/1 1381120 0.299212
# @ in cc:2@nano:out/1 1381632 0.291338
# @ in cc:2@nano:out/1 1382144 0.283464
# @ in cc:2@nano:out/1 1382656 0.283464 cc:2@nano:out/1 1382871 0.275590
# @ in cc:2@nano:out/1 1383383 0.267716
# @ in cc:2@nano:out/1 1384192 0.267716 cc:2@nano:out/1 1384407 0.259842
# @ in cc:2@nano:out/1 1384919 0.259842
# @ in cc:2@nano:out/1 1385216 0.251968
# @ in cc:2@nano:out/1 1385728 0.244094
# @ in cc:2@nano:out/1 1386240 0.244094
# @ in cc:2@nano:out/1 1386752 0.236220
# @ in cc:2@nano:out/1 1387264 0.228346 cc:2@nano:out/1 1387479 0.228346
# @ in cc:2@nano:out/1 1388288 0.220472
# @ in cc:2@nano:out/1 1388800 0.212598
# @ in cc:2@nano:out/1 1389312 0.204724
# @ in cc:2@nano:out/1 1389824 0.204724
# @ in cc:2@nano:out/1 1390336 0.196850
# @ in cc:2@nano:out/1 1390848 0.188976 cc:2@nano:out/1 1391063 0.188976
# @ in cc:2@nano:out/1 1391575 0.181102
# @ in cc:2@nano:out/1 1392384 0.173228
# @ in cc:2@nano:out/1 1392896 0.165354
# @ in cc:2@nano:out/1 1393408 0.157480
# @ in cc:2@nano:out/1 1393920 0.157480
# @ in cc:2@nano:out/1 1394432 0.149606 cc:2@nano:out/1 1394647 0.149606
# @ in cc:2@nano:out/1 1395159 0.141732
# @ in cc:2@nano:out/1 1395456 0.133858
# @ in cc:2@nano:out/1 1395968 0.133858
# @ in cc:2@nano:out/1 1396480 0.125984
# @ in cc:2@nano:out/1 1396992 0.118110 cc:2@nano:out/1 1397207 0.118110
# @ in cc:2@nano:out/1 1397719 0.110236
# @ in cc:2@nano:out/1 1398231 0.102362
# @ in cc:2@nano:out/1 1399040 0.094488
# @ in cc:2@nano:out/1 1399552 0.094488
# @ in cc:2@nano:out/1 1400064 0.086614
# @ in cc:2@nano:out/1 1400576 0.078740 cc:2@nano:out/1 1400791 0.078740
# @ in cc:2@nano:out/1 1401088 0.070866
# @ in cc:2@nano:out/1 1401815 0.062992
# @ in cc:2@nano:out/1 1402624 0.055118
# @ in cc:2@nano:out/1 1403136 0.047244
# @ in cc:2@nano:out/1 1403648 0.047244
# @ in cc:2@nano:out/1 1404160 0.039370 cc:2@nano:out/1 1404375 0.039370
# @ in cc:2@nano:out/1 1404887 0.031496
# @ in cc:2@nano:out/1 1405399 0.023622
# @ in cc:2@nano:out/1 1406208 0.015748
# @ in cc:2@nano:out/1 1406720 0.007874
# @ in cc:2@nano:out/1 1407232 0.007874
# @ in cc:2@nano:out/1 1407744 0.0
# @ in cc:2@nano:out/1 1408256 0.0 cc:2@nano:out/1 1408471 0.0
# @ in cc:2@nano:out/1 1409280 0.007874 cc:2@nano:out/1 1409495 0.007874
# @ in cc:2@nano:out/1 1409792 0.015748
# @ in cc:2@nano:out/1 1410304 0.023622
# @ in cc:2@nano:out/1 1410816 0.023622
# @ in cc:2@nano:out/1 1411328 0.031496
# @ in cc:2@nano:out/1 1411840 0.039370
# @ in cc:2@nano:out/1 1412352 0.039370
# @ in cc:2@nano:out/1 1412864 0.047244 cc:2@nano:out/1 1413079 0.047244
# @ in cc:2@nano:out/1 1413376 0.055118
# @ in cc:2@nano:out/1 1413888 0.062992
# @ in cc:2@nano:out/1 1414400 0.062992
# @ in cc:2@nano:out/1 1414912 0.070866 cc:2@nano:out/1 1415127 0.078740
# @ in cc:2@nano:out/1 1415639 0.078740
# @ in cc:2@nano:out/1 1416448 0.086614
# @ in cc:2@nano:out/1 1416960 0.094488
# @ in cc:2@nano:out/1 1417472 0.102362
# @ in cc:2@nano:out/1 1417984 0.102362
# @ in cc:2@nano:out/1 1418496 0.110236
# @ in cc:2@nano:out/1 1419008 0.118110
# @ in cc:2@nano:out/1 1419520 0.118110
# @ in cc:2@nano:out/1 1420032 0.125984
# @ in cc:2@nano:out/1 1420544 0.133858
# @ in cc:2@nano:out/1 1421056 0.133858
# @ in cc:2@nano:out/1 1421568 0.141732 cc:2@nano:out/1 1421783 0.149606
# @ in cc:2@nano:out/1 1422080 0.149606
# @ in cc:2@nano:out/1 1422592 0.157480
# @ in cc:2@nano:out/1 1423104 0.157480
# @ in cc:2@nano:out/1 1423616 0.165354
# @ in cc:2@nano:out/1 1424128 0.173228
# @ in cc:2@nano:out/1 1424640 0.173228 cc:2@nano:out/1 1424855 0.181102
# @ in cc:2@nano:out/1 1425664 0.188976
# @ in cc:2@nano:out/1 1426176 0.196850
# @ in cc:2@nano:out/1 1426688 0.204724
# @ in cc:2@nano:out/1 1427200 0.204724
# @ in cc:2@nano:out/1 1427712 0.212598 cc:2@nano:out/1 1427927 0.212598
# @ in cc:2@nano:out/1 1428736 0.220472
# @ in cc:2@nano:out/1 1429248 0.228346 cc:2@nano:out/1 1429463 0.228346
# @ in cc:2@nano:out/1 1429760 0.236220
# @ in cc:2@nano:out/1 1430272 0.244094
# @ in cc:2@nano:out/1 1430784 0.244094
# @ in cc:2@nano:out/1 1431296 0.251968
# @ in cc:2@nano:out/1 1431808 0.259842
# @ in cc:2@nano:out/1 1432320 0.259842 cc:2@nano:out/1 1432535 0.267716
# @ in cc:2@nano:out/1 1433047 0.267716
# @ in cc:2@nano:out/1 1433856 0.283464
# @ in cc:2@nano:out/1 1434368 0.283464
# @ in cc:2@nano:out/1 1434880 0.291338
# @ in cc:2@nano:out/1 1435392 0.299212
# @ in cc:2@nano:out/1 1435904 0.299212
# @ in cc:2@nano:out/1 1436416 0.307086
# @ in cc:2@nano:out/1 1436928 0.314960 cc:2@nano:out/1 1437143 0.314960
# @ in cc:2@nano:out/1 1437952 0.322834
# @ in cc:2@nano:out/1 1438679 0.330708
# @ in cc:2@nano:out/1 1438976 0.338582
# @ in cc:2@nano:out/1 1439488 0.338582
# @ in cc:2@nano:out/1 1440000 0.346456
# @ in cc:2@nano:out/1 1440512 0.354330
# @ in cc:2@nano:out/1 1441024 0.354330 cc:2@nano:out/1 1441239 0.362204
# @ in cc:2@nano:out/1 1442048 0.362204
# @ in cc:2@nano:out/1 1442560 0.377952
# @ in cc:2@nano:out/1 1443072 0.377952
# @ in cc:2@nano:out/1 1443584 0.385826
# @ in cc:2@nano:out/1 1444096 0.393700
# @ in cc:2@nano:out/1 1444608 0.393700 cc:2@nano:out/1 1444823 0.401574
# @ in cc:2@nano:out/1 1445632 0.409448 cc:2@nano:out/1 1445847 0.409448
# @ in cc:2@nano:out/1 1446144 0.417322
# @ in cc:2@nano:out/1 1446656 0.417322
# @ in cc:2@nano:out/1 1447168 0.425196 cc:2@nano:out/1 1447383 0.433070
# @ in cc:2@nano:out/1 1448192 0.433070
# @ in cc:2@nano:out/1 1448704 0.440944 cc:2@nano:out/1 1448919 0.448818
# @ in cc:2@nano:out/1 1449216 0.448818
# @ in cc:2@nano:out/1 1449728 0.456692
# @ in cc:2@nano:out/1 1450240 0.464566
# @ in cc:2@nano:out/1 1450752 0.464566
# @ in cc:2@nano:out/1 1451776 0.480314
# @ in cc:2@nano:out/1 1452288 0.488188
# @ in cc:2@nano:out/1 1452800 0.488188
# @ in cc:2@nano:out/1 1453312 0.496062
# @ in cc:2@nano:out/1 1453824 0.503937
# @ in cc:2@nano:out/1 1454336 0.503937
# @ in cc:2@nano:out/1 1454848 0.511811
# @ in cc:2@nano:out/1 1455360 0.519685 cc:2@nano:out/1 1455575 0.519685
# @ in cc:2@nano:out/1 1456384 0.527559 cc:2@nano:out/1 1456599 0.527559
# @ in cc:2@nano:out/1 1456896 0.535433
# @ in cc:2@nano:out/1 1457408 0.543307
# @ in cc:2@nano:out/1 1457920 0.543307
# @ in cc:2@nano:out/1 1458432 0.551181
# @ in cc:2@nano:out/1 1458944 0.559055
# @ in cc:2@nano:out/1 1459456 0.559055 cc:2@nano:out/1 1459671 0.566929
# @ in cc:2@nano:out/1 1460480 0.574803
# @ in cc:2@nano:out/1 1460992 0.574803 cc:2@nano:out/1 1461207 0.582677
# @ in cc:2@nano:out/1 1461504 0.582677
# @ in cc:2@nano:out/1 1462016 0.590551
# @ in cc:2@nano:out/1 1462528 0.598425
# @ in cc:2@nano:out/1 1463040 0.598425
# @ in cc:2@nano:out/1 1463552 0.606299
# @ in cc:2@nano:out/1 1464064 0.614173 cc:2@nano:out/1 1464279 0.614173
# @ in cc:2@nano:out/1 1465088 0.622047
# @ in cc:2@nano:out/1 1465600 0.629921
# @ in cc:2@nano:out/1 1466112 0.637795
# @ in cc:2@nano:out/1 1466624 0.637795
# @ in cc:2@nano:out/1 1467136 0.645669
# @ in cc:2@nano:out/1 1467648 0.653543 cc:2@nano:out/1 1467863 0.653543
# @ in cc:2@nano:out/1 1468672 0.661417 cc:2@nano:out/1 1468887 0.669291
# @ in cc:2@nano:out/1 1469696 0.677165
# @ in cc:2@nano:out/1 1470208 0.677165
# @ in cc:2@nano:out/1 1470720 0.685039
# @ in cc:2@nano:out/1 1471232 0.692913
# @ in cc:2@nano:out/1 1471744 0.692913
# @ in cc:2@nano:out/1 1472256 0.700787 cc:2@nano:out/1 1472471 0.708661
# @ in cc:2@nano:out/1 1473280 0.716535
# @ in cc:2@nano:out/1 1473792 0.724409
# @ in cc:2@nano:out/1 1474304 0.724409
# @ in cc:2@nano:out/1 1474816 0.732283
# @ in cc:2@nano:out/1 1475543 0.740157
# @ in cc:2@nano:out/1 1476352 0.748031 cc:2@nano:out/1 1476567 0.748031
# @ in cc:2@nano:out/1 1476864 0.755905
# @ in cc:2@nano:out/1 1477376 0.763779
# @ in cc:2@nano:out/1 1477888 0.763779
# @ in cc:2@nano:out/1 1478400 0.771653
# @ in cc:2@nano:out/1 1478912 0.779527
# @ in cc:2@nano:out/1 1479424 0.779527
# @ in cc:2@nano:out/1 1479936 0.787401
# @ in cc:2@nano:out/1 1480448 0.795275
# @ in cc:2@nano:out/1 1480960 0.803149
# @ in cc:2@nano:out/1 1481472 0.803149
# @ in cc:2@nano:out/1 1481984 0.811023
# @ in cc:2@nano:out/1 1482496 0.818897
# @ in cc:2@nano:out/1 1483008 0.818897
# @ in cc:2@nano:out/1 1483520 0.826771
# @ in cc:2@nano:out/1 1484032 0.834645
# @ in cc:2@nano:out/1 1484544 0.842519
# @ in cc:2@nano:out/1 1485056 0.842519
# @ in cc:2@nano:out/1 1485568 0.850393
# @ in cc:2@nano:out/1 1486080 0.858267
# @ in cc:2@nano:out/1 1486592 0.858267 cc:2@nano:out/1 1486807 0.866141
# @ in cc:2@nano:out/1 1487319 0.874015
# @ in cc:2@nano:out/1 1487831 0.874015
# @ in cc:2@nano:out/1 1488128 0.881889
# @ in cc:2@nano:out/1 1488640 0.889763
# @ in cc:2@nano:out/1 1489152 0.889763
# @ in cc:2@nano:out/1 1489664 0.897637
# @ in cc:2@nano:out/1 1490176 0.897637
# @ in cc:2@nano:out/1 1490688 0.905511 cc:2@nano:out/1 1490903 0.913385
# @ in cc:2@nano:out/1 1491712 0.913385
# @ in cc:2@nano:out/1 1492224 0.929133
# @ in cc:2@nano:out/1 1492736 0.929133
# @ in cc:2@nano:out/1 1493248 0.937007
# @ in cc:2@nano:out/1 1493760 0.944881
# @ in cc:2@nano:out/1 1494272 0.944881 cc:2@nano:out/1 1494487 0.952755
# @ in cc:2@nano:out/1 1495296 0.952755
# @ in cc:2@nano:out/1 1495808 0.960629 cc:2@nano:out/1 1496023 0.968503
# @ in cc:2@nano:out/1 1496320 0.968503
# @ in cc:2@nano:out/1 1496832 0.976377
# @ in cc:2@nano:out/1 1497344 0.984251
# @ in cc:2@nano:out/1 1497856 0.984251
# @ in cc:2@nano:out/1 1498368 0.992125
# @ in cc:3@nano:out/1 1498880 1.0
# @ in cc:3@nano:out/1 1499392 0.992125 cc:3@nano:out/1 1499607 0.984251
# @ in cc:3@nano:out/1 1499904 0.984251
# @ in cc:3@nano:out/1 1500416 0.976377
# @ in cc:3@nano:out/1 1500928 0.968503
# @ in cc:3@nano:out/1 1501440 0.968503
# @ in cc:3@nano:out/1 1501952 0.960629
# @ in cc:3@nano:out/1 1502464 0.952755
# @ in cc:3@nano:out/1 1503191 0.944881
# @ in cc:3@nano:out/1 1503488 0.944881
# @ in cc:3@nano:out/1 1504000 0.937007
# @ in cc:3@nano:out/1 1504512 0.929133
# @ in cc:3@nano:out/1 1505024 0.929133
# @ in cc:3@nano:out/1 1505536 0.921259 cc:3@nano:out/1 1505751 0.913385
# @ in cc:3@nano:out/1 1506560 0.905511
# @ in cc:3@nano:out/1 1507072 0.897637
# @ in cc:3@nano:out/1 1507584 0.897637
# @ in cc:3@nano:out/1 1508096 0.889763 cc:3@nano:out/1 1508311 0.889763
# @ in cc:3@nano:out/1 1509120 0.881889 cc:3@nano:out/1 1509335 0.874015
# @ in cc:3@nano:out/1 1509632 0.874015
# @ in cc:3@nano:out/1 1510144 0.866141
# @ in cc:3@nano:out/1 1510656 0.858267
# @ in cc:3@nano:out/1 1511168 0.858267
# @ in cc:3@nano:out/1 1511680 0.850393
# @ in cc:3@nano:out/1 1512192 0.842519
# @ in cc:3@nano:out/1 1512704 0.842519 cc:3@nano:out/1 1512919 0.834645
# @ in cc:3@nano:out/1 1513728 0.826771
# @ in cc:3@nano:out/1 1514240 0.818897
# @ in cc:3@nano:out/1 1514752 0.818897
# @ in cc:3@nano:out/1 1515264 0.811023
# @ in cc:3@nano:out/1 1515776 0.803149 cc:3@nano:out/1 1515991 0.803149
# @ in cc:3@nano:out/1 1516800 0.795275
# @ in cc:3@nano:out/1 1517312 0.787401
# @ in cc:3@nano:out/1 1517824 0.779527
# @ in cc:3@nano:out/1 1518336 0.779527
# @ in cc:3@nano:out/1 1518848 0.771653
# @ in cc:3@nano:out/1 1519360 0.763779
# @ in cc:3@nano:out/1 1519872 0.755905
# @ in cc:3@nano:out/1 1520512 0.748031
# @ in cc:3@nano:out/1 1520896 0.748031
# @ in cc:3@nano:out/1 1521408 0.740157
# @ in cc:3@nano:out/1 1521920 0.732283
# @ in cc:3@nano:out/1 1522432 0.732283
# @ in cc:3@nano:out/1 1522944 0.724409
# @ in cc:3@nano:out/1 1523456 0.716535
# @ in cc:3@nano:out/1 1524480 0.708661
# @ in cc:3@nano:out/1 1524992 0.700787
# @ in cc:3@nano:out/1 1525504 0.692913
# @ in cc:3@nano:out/1 1526016 0.692913 cc:3@nano:out/1 1526231 0.685039
# @ in cc:3@nano:out/1 1527040 0.677165
# @ in cc:3@nano:out/1 1528064 0.669291
# @ in cc:3@nano:out/1 1529088 0.653543
# @ in cc:3@nano:out/1 1529600 0.653543
# @ in cc:3@nano:out/1 1530112 0.645669
# @ in cc:3@nano:out/1 1530624 0.637795 cc:3@nano:out/1 1530839 0.637795
# @ in cc:3@nano:out/1 1531648 0.629921 cc:3@nano:out/1 1531863 0.629921
# @ in cc:3@nano:out/1 1532672 0.614173
# @ in cc:3@nano:out/1 1533184 0.614173
# @ in cc:3@nano:out/1 1533696 0.606299
# @ in cc:3@nano:out/1 1534208 0.598425
# @ in cc:3@nano:out/1 1534720 0.590551
# @ in cc:3@nano:out/1 1535744 0.582677
# @ in cc:3@nano:out/1 1536256 0.574803
# @ in cc:3@nano:out/1 1536768 0.574803
# @ in cc:3@nano:out/1 1537280 0.566929
# @ in cc:3@nano:out/1 1537792 0.559055
# @ in cc:3@nano:out/1 1538304 0.559055
# @ in cc:3@nano:out/1 1538816 0.551181
# @ in cc:3@nano:out/1 1539328 0.543307
# @ in cc:3@nano:out/1 1539840 0.543307
# @ in cc:3@nano:out/1 1540352 0.535433
# @ in cc:3@nano:out/1 1540864 0.527559
# @ in cc:3@nano:out/1 1541591 0.519685
# @ in cc:3@nano:out/1 1541888 0.519685
# @ in cc:3@nano:out/1 1542400 0.511811
# @ in cc:3@nano:out/1 1542912 0.503937
# @ in cc:3@nano:out/1 1543424 0.503937 cc:3@nano:out/1 1543639 0.496062
# @ in cc:3@nano:out/1 1544448 0.488188 cc:3@nano:out/1 1544663 0.488188
# @ in cc:3@nano:out/1 1544960 0.480314
# @ in cc:3@nano:out/1 1545687 0.472440
# @ in cc:3@nano:out/1 1545984 0.472440
# @ in cc:3@nano:out/1 1546496 0.464566
# @ in cc:3@nano:out/1 1547008 0.464566
# @ in cc:3@nano:out/1 1547520 0.448818
# @ in cc:3@nano:out/1 1548247 0.448818
# @ in cc:3@nano:out/1 1549056 0.440944
# @ in cc:3@nano:out/1 1549568 0.433070
# @ in cc:3@nano:out/1 1550080 0.425196
# @ in cc:3@nano:out/1 1550592 0.417322
# @ in cc:3@nano:out/1 1551104 0.417322
# @ in cc:3@nano:out/1 1551616 0.409448 cc:3@nano:out/1 1551831 0.409448
# @ in cc:3@nano:out/1 1552640 0.401574
# @ in cc:3@nano:out/1 1553152 0.393700
# @ in cc:3@nano:out/1 1553664 0.385826
# @ in cc:3@nano:out/1 1554176 0.377952
# @ in cc:3@nano:out/1 1554688 0.377952
# @ in cc:3@nano:out/1 1555200 0.370078
# @ in cc:3@nano:out/1 1555712 0.362204
# @ in cc:3@nano:out/1 1556224 0.362204
# @ in cc:3@nano:out/1 1556736 0.354330
# @ in cc:3@nano:out/1 1557248 0.346456
# @ in cc:3@nano:out/1 1557760 0.338582
# @ in cc:3@nano:out/1 1558272 0.338582
# @ in cc:3@nano:out/1 1558784 0.330708 cc:3@nano:out/1 1558999 0.322834
# @ in cc:3@nano:out/1 1559808 0.322834
# @ in cc:3@nano:out/1 1560320 0.314960
# @ in cc:3@nano:out/1 1560832 0.307086
# @ in cc:3@nano:out/1 1561344 0.299212
# @ in cc:3@nano:out/1 1561856 0.299212
# @ in cc:3@nano:out/1 1562368 0.291338
# @ in cc:3@nano:out/1 1562880 0.283464
# @ in cc:3@nano:out/1 1563392 0.275590
# @ in cc:3@nano:out/1 1563904 0.267716
# @ in cc:3@nano:out/1 1564631 0.267716
# @ in cc:3@nano:out/1 1564928 0.259842
# @ in cc:3@nano:out/1 1565440 0.259842
# @ in cc:3@nano:out/1 1565952 0.251968
# @ in cc:3@nano:out/1 1566464 0.244094
# @ in cc:3@nano:out/1 1566976 0.244094
# @ in cc:3@nano:out/1 1567703 0.236220
# @ in cc:3@nano:out/1 1568512 0.228346 cc:3@nano:out/1 1568727 0.228346
# @ in cc:3@nano:out/1 1569024 0.220472
# @ in cc:3@nano:out/1 1569536 0.212598
# @ in cc:3@nano:out/1 1570048 0.212598
# @ in cc:3@nano:out/1 1570560 0.204724
# @ in cc:3@nano:out/1 1571584 0.196850 cc:3@nano:out/1 1571799 0.188976
# @ in cc:3@nano:out/1 1572311 0.188976
# @ in cc:3@nano:out/1 1573120 0.181102
# @ in cc:3@nano:out/1 1573632 0.173228
# @ in cc:3@nano:out/1 1574144 0.165354
# @ in cc:3@nano:out/1 1574656 0.157480
# @ in cc:3@nano:out/1 1575168 0.157480
# @ in cc:3@nano:out/1 1575680 0.149606
# @ in cc:3@nano:out/1 1576192 0.149606 cc:3@nano:out/1 1576407 0.141732
# @ in cc:3@nano:out/1 1577216 0.133858 cc:3@nano:out/1 1577431 0.133858
# @ in cc:3@nano:out/1 1577728 0.125984
# @ in cc:3@nano:out/1 1578752 0.118110 cc:3@nano:out/1 1578967 0.118110
# @ in cc:3@nano:out/1 1579479 0.110236
# @ in cc:3@nano:out/1 1579776 0.102362
# @ in cc:3@nano:out/1 1580288 0.102362
# @ in cc:3@nano:out/1 1580800 0.094488
# @ in cc:3@nano:out/1 1581312 0.094488
# @ in cc:3@nano:out/1 1581824 0.086614
# @ in cc:3@nano:out/1 1582336 0.078740
# @ in cc:3@nano:out/1 1582848 0.078740
# @ in cc:3@nano:out/1 1583360 0.070866
# @ in cc:3@nano:out/1 1583872 0.062992 cc:3@nano:out/1 1584087 0.062992
# @ in cc:3@nano:out/1 1584599 0.055118
# @ in cc:3@nano:out/1 1584896 0.047244
# @ in cc:3@nano:out/1 1585920 0.039370
# @ in cc:3@nano:out/1 1586432 0.039370
# @ in cc:3@nano:out/1 1586944 0.031496
# @ in cc:3@nano:out/1 1587456 0.023622 cc:3@nano:out/1 1587671 0.023622
# @ in cc:3@nano:out/1 1588480 0.015748 cc:3@nano:out/1 1588695 0.007874
# @ in cc:3@nano:out/1 1589504 0.007874 cc:3@nano:out/1 1589719 0.0
# @ in cc:3@nano:out/1 1590016 0.0
# @ in cc:3@nano:out/1 1590528 0.0
# @ in cc:3@nano:out/1 1591040 0.007874
# @ in cc:3@nano:out/1 1591552 0.007874 cc:3@nano:out/1 1591767 0.015748
# @ in cc:3@nano:out/1 1592576 0.023622 cc:3@nano:out/1 1592791 0.023622
# @ in cc:3@nano:out/1 1593600 0.031496
# @ in cc:3@nano:out/1 1594112 0.039370
# @ in cc:3@nano:out/1 1594624 0.047244
# @ in cc:3@nano:out/1 1595136 0.047244
# @ in cc:3@nano:out/1 1595648 0.055118 cc:3@nano:out/1 1595863 0.062992
# @ in cc:3@nano:out/1 1596375 0.062992
# @ in cc:3@nano:out/1 1596887 0.070866
# @ in cc:3@nano:out/1 1597696 0.078740
# @ in cc:3@nano:out/1 1598208 0.086614
# @ in cc:3@nano:out/1 1598720 0.094488
# @ in cc:3@nano:out/1 1599232 0.094488
# @ in cc:3@nano:out/1 1599744 0.102362
# @ in cc:3@nano:out/1 1600256 0.102362
# @ in cc:3@nano:out/1 1600768 0.110236 cc:3@nano:out/1 1600983 0.118110
# @ in cc:3@nano:out/1 1601792 0.125984
# @ in cc:3@nano:out/1 1602304 0.133858
# @ in cc:3@nano:out/1 1602816 0.133858
# @ in cc:3@nano:out/1 1603328 0.141732
# @ in cc:3@nano:out/1 1603840 0.149606
# @ in cc:3@nano:out/1 1604567 0.157480
# @ in cc:3@nano:out/1 1605376 0.157480 cc:3@nano:out/1 1605591 0.165354
# @ in cc:3@nano:out/1 1606103 0.173228
# @ in cc:3@nano:out/1 1606400 0.173228
# @ in cc:3@nano:out/1 1606912 0.181102
# @ in cc:3@nano:out/1 1607424 0.188976
# @ in cc:3@nano:out/1 1607936 0.188976
# @ in cc:3@nano:out/1 1608448 0.196850 cc:3@nano:out/1 1608663 0.204724
# @ in cc:3@nano:out/1 1609175 0.204724
# @ in cc:3@nano:out/1 1609687 0.212598
# @ in cc:3@nano:out/1 1609984 0.212598
# @ in cc:3@nano:out/1 1610496 0.220472
# @ in cc:3@nano:out/1 1611008 0.228346
# @ in cc:3@nano:out/1 1611520 0.228346
# @ in cc:3@nano:out/1 1612032 0.236220 cc:3@nano:out/1 1612247 0.244094
# @ in cc:3@nano:out/1 1612544 0.244094
# @ in cc:3@nano:out/1 1613568 0.251968 cc:3@nano:out/1 1613783 0.259842
# @ in cc:3@nano:out/1 1614080 0.259842
# @ in cc:3@nano:out/1 1614592 0.267716
# @ in cc:3@nano:out/1 1615104 0.267716
# @ in cc:3@nano:out/1 1615616 0.275590
# @ in cc:3@nano:out/1 1616128 0.283464
# @ in cc:3@nano:out/1 1616640 0.283464 cc:3@nano:out/1 1616855 0.291338
# @ in cc:3@nano:out/1 1617367 0.299212
# @ in cc:3@nano:out/1 1617879 0.299212
# @ in cc:3@nano:out/1 1618176 0.307086
# @ in cc:3@nano:out/1 1618688 0.314960
# @ in cc:3@nano:out/1 1619200 0.314960
# @ in cc:3@nano:out/1 1619712 0.322834
# @ in cc:3@nano:out/1 1620224 0.322834 cc:3@nano:out/1 1620439 0.330708
# @ in cc:3@nano:out/1 1621248 0.338582
# @ in cc:3@nano:out/1 1621760 0.338582
# @ in cc:3@nano:out/1 1622272 0.354330
# @ in cc:3@nano:out/1 1622784 0.354330
# @ in cc:3@nano:out/1 1623296 0.362204
# @ in cc:3@nano:out/1 1623808 0.362204
# @ in cc:3@nano:out/1 1624320 0.370078 cc:3@nano:out/1 1624535 0.377952
# @ in cc:3@nano:out/1 1625344 0.377952 cc:3@nano:out/1 1625559 0.385826
# @ in cc:3@nano:out/1 1625856 0.393700
# @ in cc:3@nano:out/1 1626368 0.393700
# @ in cc:3@nano:out/1 1626880 0.401574
# @ in cc:3@nano:out/1 1627392 0.409448
# @ in cc:3@nano:out/1 1628119 0.417322
# @ in cc:3@nano:out/1 1628631 0.417322
# @ in cc:3@nano:out/1 1629143 0.425196
# @ in cc:3@nano:out/1 1629952 0.433070
# @ in cc:3@nano:out/1 1630464 0.440944
# @ in cc:3@nano:out/1 1630976 0.448818
# @ in cc:3@nano:out/1 1631488 0.456692
# @ in cc:3@nano:out/1 1632512 0.464566
# @ in cc:3@nano:out/1 1633536 0.472440
# @ in cc:3@nano:out/1 1634048 0.480314
# @ in cc:3@nano:out/1 1634560 0.488188
# @ in cc:3@nano:out/1 1635072 0.488188 cc:3@nano:out/1 1635287 0.496062
# @ in cc:3@nano:out/1 1636096 0.503937 cc:3@nano:out/1 1636311 0.503937
# @ in cc:3@nano:out/1 1636823 0.511811
# @ in cc:3@nano:out/1 1637120 0.519685
# @ in cc:3@nano:out/1 1637847 0.519685
# @ in cc:3@nano:out/1 1638656 0.527559
# @ in cc:3@nano:out/1 1639168 0.535433
# @ in cc:3@nano:out/1 1639680 0.543307
# @ in cc:3@nano:out/1 1640192 0.543307
# @ in cc:3@nano:out/1 1640704 0.551181 cc:3@nano:out/1 1640919 0.559055
# @ in cc:3@nano:out/1 1641216 0.559055
# @ in cc:3@nano:out/1 1642240 0.566929 cc:3@nano:out/1 1642455 0.574803
# @ in cc:3@nano:out/1 1642752 0.574803
# @ in cc:3@nano:out/1 1643264 0.582677
# @ in cc:3@nano:out/1 1643776 0.582677
# @ in cc:3@nano:out/1 1644288 0.590551
# @ in cc:3@nano:out/1 1644800 0.598425
# @ in cc:3@nano:out/1 1645824 0.614173
# @ in cc:3@nano:out/1 1646551 0.614173
# @ in cc:3@nano:out/1 1647063 0.622047
# @ in cc:3@nano:out/1 1647872 0.629921
# @ in cc:3@nano:out/1 1648384 0.637795
# @ in cc:3@nano:out/1 1649111 0.637795
# @ in cc:3@nano:out/1 1649920 0.645669 cc:3@nano:out/1 1650135 0.653543
# @ in cc:3@nano:out/1 1650432 0.653543
# @ in cc:3@nano:out/1 1650944 0.661417
# @ in cc:3@nano:out/1 1651456 0.669291
# @ in cc:3@nano:out/1 1651968 0.669291
# @ in cc:3@nano:out/1 1652480 0.677165
# @ in cc:3@nano:out/1 1652992 0.677165 cc:3@nano:out/1 1653207 0.685039
# @ in cc:3@nano:out/1 1653504 0.692913
# @ in cc:3@nano:out/1 1654528 0.700787
# @ in cc:3@nano:out/1 1655040 0.708661
# @ in cc:3@nano:out/1 1655552 0.708661
# @ in cc:3@nano:out/1 1656064 0.724409
# @ in cc:3@nano:out/1 1657088 0.724409 cc:3@nano:out/1 1657303 0.732283
# @ in cc:3@nano:out/1 1658112 0.740157
# @ in cc:3@nano:out/1 1658624 0.748031
# @ in cc:3@nano:out/1 1659136 0.748031
# @ in cc:3@nano:out/1 1659648 0.755905 cc:3@nano:out/1 1659863 0.763779
# @ in cc:3@nano:out/1 1660672 0.763779 cc:3@nano:out/1 1660887 0.771653
# @ in cc:3@nano:out/1 1661696 0.779527
# @ in cc:3@nano:out/1 1662208 0.787401
# @ in cc:3@nano:out/1 1662720 0.787401
# @ in cc:3@nano:out/1 1663232 0.795275
# @ in cc:3@nano:out/1 1663744 0.803149
# @ in cc:3@nano:out/1 1664256 0.803149 cc:3@nano:out/1 1664471 0.811023
# @ in cc:3@nano:out/1 1665280 0.818897 cc:3@nano:out/1 1665495 0.818897
# @ in cc:3@nano:out/1 1666007 0.826771
# @ in cc:3@nano:out/1 1666816 0.834645
# @ in cc:3@nano:out/1 1667328 0.842519
# @ in cc:3@nano:out/1 1667840 0.842519
# @ in cc:3@nano:out/1 1668352 0.850393
# @ in cc:3@nano:out/1 1668864 0.858267 cc:3@nano:out/1 1669079 0.858267
# @ in cc:3@nano:out/1 1669888 0.874015
# @ in cc:3@nano:out/1 1670400 0.874015
# @ in cc:3@nano:out/1 1670912 0.881889
# @ in cc:3@nano:out/1 1671424 0.889763
# @ in cc:3@nano:out/1 1671936 0.889763 cc:3@nano:out/1 1672151 0.897637
# @ in cc:3@nano:out/1 1672960 0.905511
# @ in cc:3@nano:out/1 1673984 0.913385
# @ in cc:3@nano:out/1 1674496 0.921259
# @ in cc:3@nano:out/1 1675008 0.929133
# @ in cc:3@nano:out/1 1675520 0.929133
# @ in cc:3@nano:out/1 1676032 0.937007
# @ in cc:3@nano:out/1 1676544 0.944881
# @ in cc:3@nano:out/1 1677271 0.952755
# @ in cc:3@nano:out/1 1677568 0.952755
# @ in cc:3@nano:out/1 1678080 0.960629
# @ in cc:3@nano:out/1 1678592 0.968503
# @ in cc:3@nano:out/1 1679104 0.968503
# @ in cc:3@nano:out/1 1679616 0.976377 cc:3@nano:out/1 1679831 0.984251
# @ in cc:3@nano:out/1 1680343 0.984251
# @ in cc:3@nano:out/1 1680640 0.992125
# @ in cc:7@nano:out/1 1691392 0.157480
# @ hand 1684736 d1.gain 0.125984

# @ 15 1736448
hush(over=2)
# @ 15 hush 335c64 1736448

# @ end 1950128
