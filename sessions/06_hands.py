# latentcode session 1
# @ seed 6  rate 44100  buffer 256  bpm 120  synthesis overlap  block 512  hop 512  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  tunes 1  quick 1  wide 1  bridges 1  onsets 1  seams 1  levels 1  places 1  partials 1  default spectral  model_file spectral

# @ 1 256
# a knob on the fader, another on the filter, a third between two sounds
master(1.6)
# @ 1 master 5ce558 256

# @ 2 17664
d1.gain(cc(7).range(0, .8))
# @ 2 d1 a8c140 17664

# @ 3 21760
d1.fx(lowpass(cc(10).exprange(200, 9000)), reverb(.3))
# @ 3 d1 738d4a 21760

# @ 4 25344
d1.play(meso(note("<[c3,g3] [ab2,eb3]>/2").s("cello"), "choir", cc(21).smooth(60)).attack(.1).release(.3).gain(1.4), quant="now")
# @ 4 d1 3642a8 26880

# @ 5 470784
# pads and keys

# @ 6 484096
pads({36: s("kick").gain(.7), 38: s("snare").gain(.7), 42: s("hat")}, ch=1, quant=1/16)
# @ 6 pads e32daf 484608

# @ 7 492288
d5.fx(delay(3/8, .5, .3), reverb(.3)); keys(d5, s("flute").release(.4).gain(2.5), ch=2)
# @ 7 d5 be44c1 492288
# @ 7 d5 fd7b9c 520960

# @ 8 908032
# a gesture, taken once, that goes round

# @ 9 918272
wave = capture(cc(1), 2)
# @ 9 capture 1d4e6d 918272

# @ 10 925440
d2 >> n("0 2 4 7 <9 8> 7 4 2").scale_of("c4 minor").s("marimba").gain(.9).pan(wave).degrade_by(wave.fast(2))
d2.fx(delay(3/8, .4, .3), reverb(.2))
# @ 10 d2 0eefb5 925440
# @ 10 d2 f6441a 934656

# @ 11 1196800
# three places under two knobs

# @ 12 1206016
space = learn_space(cc(2), cc(3))
# @ answer 13.1 {"latent":{"bytes\u0020in\u0020base64":"HgtUPxSi2ju6CQG/4RuGPw4Rwb64LMe+pfb9voZ4kT4K66y/NfTlPt7hpT8kKo8/OWSlP94amD198hO/FKgawGGZAT8teO2+cRsqQLqGfL6X4M6/1e/6P5ObfT83MwtA24fGP/jH0j+EVqw8xbEhP8VmlT8J50i/rAqiPtws6r+6WMw/5JP4v+JOsD/CBQpAvJHOPiBavj049rC+74KFPZ5+JMA1UxBAnIsiwO9VQ78Y+UZAKHpiP6JSRT7IhOc/IKcAQGRZAr+kKbm+Zgiev4iTPb1M9QS/xAgAwB0RJ79LYaS/bCI3v07THD8DoAvAirWRPxYaVT++saM/ynSAPqpus71S0UHAejSRv43zaD28vyO/Flm4PwtoTECOwxm/Hl4uv8BpqD9tt2i/8er5P02ncr3Amwy/E09jP/bM3r/OMBBAkO0av5+1Fz/nQka/7fMePxO0yb8MXcQ+5FPwveDdFD4HIXc/xjBmP0oecL9i7P+/T1AuPyXCYL9WHI0/Fdnpv2O5574BrNS+0JI9P6KBOb5gVsI+hvTPPwDNeT/KCju921tBvl+9uL5OBPU+B0/6P9c8Sr/JVwy/o/C3PzJyN8DMjKi9MO+wvRudQr5yfq6+EMfjPch/i71cqcM+lWfovnPLQj+HHP++k+n7v3JFQz80Dpa9gEjkPf5clj2eBLo/S2JDP/BTUz5I6xo/IiU3P6WUPj+tGgjAGYkcQExooD4f4hI/UPuevcfWIj++kna/CThZv+7KVEAQT149wTFEQMgTir5UW6O/+STav7KmBkBz+dM/YZB3v5G/0D9TgI2/6DD8P3Ld4L/Aav6/K6aaP94FX7+zP1Q/I6pIPxs5xz8HLw3AwLeev1AXsrwukpq/zn6XP8jZh75eMHW/ppiKvzJWxL/3fUvAAEygvz4u5j/jY5W/P2YlwGGk8j6+SPY/n3Ltv0YCsL4IDDa/D2CBv1sERL/yMcS+gMrVvzr9Ar80+nm9HLKCvZLxeT/9CgpAsjSEvhBPGD0ExX8/BjFiv9DEVL9C5aA+YR32v3i0A78o8oS+bEFQP+rVlz+edIQ/B+WGv9OiuL8AaMW8c+GKP4+tur9Y5vq/LIrjP/LGID+EXAy/iMLMv9ZF+76z8ic/qhBCPz683T9sdrQ+hwYDPwI6AEAkImA+Kuyav2jLMj+sP2C/cohPQPU+kz+Gruk+mpLuPhZ22z607AA/3IjCv5gLeL8mAMU/KhkJP/nW4T7QYFG/fiMcwLp3hL/aZhvArpm/P4Bi5z58MtY/EFf9PwS70781LPM/FrlJPjJJVz5xupO+eHf+P1yyhr5ZWgu/+vLkv+ovFL/bqjw/AT8eP4Aku7zQ2eG/NpvgPw=="}}
# @ answer 13.2 {"latent":{"bytes\u0020in\u0020base64":"opBeP2bC4T5ubEG/dkq2PsfJuj/V2eg+EnhGvgI+Tj/e4N6/WCTlPpk22D7T9bc+2CHkvvvyJr5G7nC/N40ywJDdgL+jES/AR+oZvtv/VD912bO+IS2aPxvttb/N+Mo/MnnLPp/f875MUWg/WziBv6dE/L5+knM9McnrP9O81L+2Owa/8ghxP3xBDEApdII/i1DcPgrlCD0t6ak/4GwCu1kVqr8tQXM/okVBwMdF4zxWLcy9Y0gVP6O19r5Q0iS/1OxqPhY/3j9XhMU/TMcLvzrZsz7jzDO/48UIvs5hib3knRc8GWmmP25SCj92atq/KbjKP0uaPb+vIrK/+8wMvzly2r5oC76/0JqrvOtSEj+MBpU/ekGOPhjX/77Rl12/vhZvvwKWED99qs4+yb/9P+/46D56wb2+jIq4v53I6L7KI1s/MgCgv/A+RL416Qy/DFmeP8V6jr8LsxQ/wL8zP3ICDL8MKi6/gVLDPoqrbr+uFwbAAMjLvSiPzzxKqW+/P62jv85cuL2l9SW+NujaPpUosT/6f00+CsJov3hLcj7wpqO7IokBvzewKj6mSgq/Tg5MvzC26b0wTyC/J08fv1DP7Dzjov4+sUnUvgSZsL71rIM91rdIv52UGEB1QEk/5xamPkKYQr/vFwRAba8SP1r3ub2dFy++EUOXP0u9xL97sak+bjN+vnOUnD5tjKK/IX2yv6uf4r5I3Ng/0PdTPysWJT98mu0/LsY6wA24Nj5rDM4+5YKpPVEbDcAiL/E+vsRxP1Z4r74AJoi/AhS3P2mBhD8NvZG/yqIfv0Y33j6r3ig/KS0VwDO2sr+fbm+/s26NPpT2CkCoGru//uAHwPAcMT9kXY++rv8zv77mFb9JVQ7AUGwNvQiQJcApQL8+LXq0P8s3hD9jcdE9iqTpv64xzr+HqdW/FOufPYaYt7+8tv2+7tYWv02Uzb+g8nA/ImHBP6RKvb/RC7u+/70Xv+BQGT/09Ms+vT7aP1wHCD42MZW/9QG/v8BIBcCcLlQ/CvWDv4jiDz/sifI9jtOpvx7PAUC0mMS/fNRcvryYaT9DRI8+HujMv5w8nD5jzIs/2+CFPzTRUL/bbZw/IumPP5IppT9egls+CDrivqCYnDwI0Ls+MIBZvgVoFr899vO/YFtMvlZS6D5uyYo/I8r0vrHA2D5w76a+6jeJv6tMKMA0I+4/mwynP+rT47/kUgQ9mFjePdQHXD5yziZAUryYPdZu6z9s6vo9FrG3P5sMlb9NSJ6/2oRlwOhK/77LHcw/MIKIPSZiW0BaiAg+hEfZPoDO/r5UgBs/segOvlphwb7n9kU/E2ZcPvYFtb+ipuk/fG96PwC1j74wk1C/TQVMPw=="}}
# @ answer 13.3 {"latent":{"bytes\u0020in\u0020base64":"07SQP+oPN77zwds+aB3yPvaIB799+6O+PGZ0P01XS79c6ku/oTRUvtYX6z7OHhC9b3kUvWeMnz4fbzI/H9n3vjQnxj87ARq/13qXv+zRBMDbsXW+EWrMP7TrqT96hfE+hYLJPwsOZT95gwE/qjKYvAFXwr4xqZg/TXnyP7ZX0jzK4us/hGEPwF0+nL+WHLM/VCx2PxQpMkCA/3/AydwnPxZART/JPx0/WvsZwPysTD9MqiC+1kcav8MD5L7+25a+ZCaAP6QZsD9qzL+/nkzIPg/OSj9Pn3u+Hx5UP+v9lj8DjQ++etPVPQjnjT12Hz+/QGklv4AwlL4ed789XBPGv16HA7+T5+K/ll1LP1pANsCidWw/D5RoQL/enT8mSQNA+fCtPO5Ehj/hRLu/fmi9P/Ef4b+9HPo/VYQewLr6jj9xfne+SbujPjtZ0L/QEO6+VPn7P4BJyz/KQDM/rE0zP/2zmL/7FLq/IL8HQBanij9x3w298Usmv7Egrz9YZI4+9ZCRv9LAv7/WkC+/+n1+PqXsIj83PYQ/6QdZv1E0EcB7zifAgKlpvaZkoz28swBAKg21PYvm2L9T1aq/R40owHe3WL/S21E+k5CSv8NCLsCYLIm/LWA2wECUeT8PKwnA1vrmPpTfuj6Cypw/leaaP+L4gsBRb/y/mGv1v7HrJ8AECZG9KPWwv9lStT9f+Ey/RE9XPxckxT9gGPY/jQMHPW6c8D9SzhW/CtJcvjzpLj+1H+w+msaLv0WDjr+lntC+KpjXv6IGHcDaqKE/WcE9wCx3KsCs2Mi+eW8cwCBgJEB0uyc/wA0fwOoFi78VnQ1AUjG0P4ECtr+sk8y9VsaAwCTBlL/a00U+epKOvvnJrD6y3Yq/e4g8QN4jNz9Oxdo+BY3XP0ucAEDEiSs+f/9JQFGrPMBpCy4/2WOQP2wcOr+4uzo/tjdHP6h0Jz46Rrk9Qlb/v/6stUCwblY/uJ6yPpEXLsAbSxy/9oeIP4ixSb/nKqa/9thlQGTJNsCuKdE+UAPzv70aQz8AEi+/u4uRPzwOnb/KD0Y+rd43v429qT8L7Qm/ESMmQM7J8L9gS+I/82fzv9+z8D8eXoI/1PvwvvVggD75xYY+HhIWv3bez7+fsI4/NK/uvkyl9T6r9I0/CLyJvxcUMj8AFd87eqpdQPLBlL/EBCLAVSKSP+uI8j5CTJG/WBlJv7wutT/gb/q9AC2qv+99QEBTjey/MwCQv0gLkb9Esai+Fp85wCAi073KJMW+g3Qmv9C3er+WqQm/w7gjwKCIDz74FYg9AO1eQHUeyb9QNqW9JcwKwMk8pL/sEKE+EM4tv6pyBj8i/Kk+hoMUwPRerb8NUsc/8//4vw=="}}

# @ 13 1216256
space.mark("choir", at=(0, 0)); space.mark("flute", at=(1, .5)); space.mark("cello", at=(0, 1))

# @ 14 1231104
d3 >> extend(note("<[c3,g3] [ab2,eb3]>/2").struct("t(3,8)").s("strings"), space, .5).gain(1.6).pan("<.2 .8>*3")
# @ 13 mark e703b5 1234176
# @ 13 mark e8ebe6 1234176
# @ 13 mark 7c9543 1234176
# @ 14 d3 e99b06 1241856

# @ 15 1736448
hush(over=2)
# @ 15 hush 335c64 1736448

# @ end 1918350

# what hands did; python -m latentcode.session.compact --plain writes it out
# @ packed in 1744 zlib-base85
#   c-rk-NtUEI4Bgi$I6<{-Fhj2TD*f{HwrW#-|F)D^VB|qI#L(5eAd4RaHXdZ@f8qN4{4n~@AAkM$`SJ6gUw`QC^YddmeAjA!;
#   m6Nke}D8NzcjN;gJGA(U0r6q)bmRdyEFv_p;d=gn#1>9t@@klbZ0tsf9}t3_%ZkA{v<xV`wZ^Wch-G8=GVq<>gH~tvsU+UAN
#   O$|O^3dZ`?!z$XgbV&+{b;~NA~#krGB-w{bD++`Jd6Yo7F<+-0x<Y9CI;4v?BjEnJHUQu59j}V?%Ov?0?_a32i%;m9(p+y`}
#   Lf^~2YX=g56E<58N}+?f04$Hwkh4}34pebj(*jgfY=W%39o>P>Y@VyKemm!2yzke12c|KWtxuBzhz_T$)%c4qf@YtOn3X>V(
#   0wYIL(vOLyX8rjrxp@F#CoS)&lr1iG+OIl7mfU!V?g^M99=GKyPSz5+9cP4c!`|BkGZE;JfPKtwm$#=H6moq*!7p!u>pIJ1e
#   Ns5(a11mA=)Jz>8uGKtQ82f2dov~wQjM5{}K{Z+TY^~J%^>SpremrY!#$kV-wrYUu%LHxT{cDtQ9hs-T@8)r`-J&MfRz2>z>
#   swf5OUvA2%X5ZZGe@*yV=FKCo*3U&MkZOEB{I^o$oBOfpIr)hl0_mi>ekg%OVuTm_KX*+^-2<NQ=0fzi6LdSEuo|}bnovQjp
#   +u}=IupcsYW)mgrAbfkZ4a@Eh*6~X=G}&vg{<<BW35rfR-%EcdjVzYJFUe5v6>ZR8=RVQBwq|@_u5?b%xEw#@SC~%9^DyuEk
#   ZR;%X{B?cHZ?^-0oJExNYG?bfOQDXW*Z$JbTL($sj$Qu~UQE}4XyL6CHyX2H~?;vSV<YE=_b<Et@<t5S-oa^s-7eja3QGtdj
#   kU$eolhA-s^e~QE9qIN3>m6l7*YtE)A>PWpwK(uNyYx{ePbC;v~rT8!HNp6@*G&uKrFglOo__=}FGc#GXD<)-gFKvolBnG>0
#   gT%Kcd3;u;OFeyyaw{e&a_)39_{o}Y>bvUH_ess;s2%9_u#BC?i_1J1s{=5N{WJj>XRG=UsL?C{teLD0z%a}+7Vjseu((-t-
#   -kdOi^bjd*#<yatD*Rej}HJM1lnN$)1b5sfa}<R#hq*zv6O4^f~BBaSgIe!!3MzHI$<fOcnX0Vb}X)7v|#kGs{rt+0l?ovph
#   pYEaV(brSnE0qV1T+2xK3cH-k7-$fEfn01OO_w``O$9<(lNch$9{V91Z~3vH;*sA#h`f^|&VueE<gQZUX?l!Qy6d(;5P!1}q
#   NM^Z@|#f#Mde4FOC%0Gx~f-~a^xn+O1lA<!DF&NZ(`tJ?rH8B2kME&<SB(Fj~=EDpvp?ZJSy4gk$A1Yi>YU{>Ia!x8{&DgZ2
#   nKrLT4ukE8Vm?xIeFzo?=B6A3wr9drfEBy)09spWk2*4@;;JgH29UwYm^8sLeAyAXTTEH-e0H8D3o#9RZXb%Pfta1Rj@&d5V
#   2rk4i0B9lsz#$9(bOp{>UkIED;!ogl<^aGi!yb5Rz_mYy0NeloT#*65H30z3bALw5K>#-cz+nskb_&31f9P$n5S*b9&iEVvb
#   aDW|@dRi12>`Ca0C*GKz-ltvd7U@qM{@(dONyREVE;!K>3&`nJ>~d#Y8Ni$cqgcT$Bxs8u)(5n+yD(Rjrn?}$)M?>ncL>lgX
#   3(I8IWO+&2V#C4UL=NW}RfX+@`&?^L2m@Exu^@!tzUwFGgCY+sa)5Eo!#fxj!IR!MzAMn4{<6zKPrx_h{toR!{AHV#Hl?mwN
#   QR<d!!_?E(34?%uuQ_h*U-JXrWR!b8j!eYSYy0gqV}&M3f9?4xK%@sT1XkE#@Kw-CGniq4V1O);H^dtw3vh$L|Sz{v(DB*ax
#   1jUk2;AwR^6IA!9riWt|%!8{;(Mud&H9H)8206jS*y0`&ilAL4`|K!w^SStY{v_x@<^m0B-RCy!M9(Z0&lsm%4iKr8GCst29
#   p8(eaBonxTAaOx*10Uwq$k&&G8et+Nr#+bDpl)-?L1V;qMU}va=n8?H$cTqF%@C0aOd)V#kdXnjuyZniv408a&r$p|*XI<Ud
#   s6RYV}$<5;~Ae9(0ESYj~tzobBc1DR!7)#nnpAB%;P^%gA8eATsgyxD+n<s!o;*{_%ElujP4S5OtRbzrxjA!3I@ygDs_Po)(
#   Ac2gOuT=X&Rd0ql|`fk(4H#60Yg(vW8G*_#@Fq#ve0ukyc%qF4D@SwOnS26;zNjKnd}a@I49fV|;I;d7STYnwKGU6dyR3V-z
#   mJ+&E#A@U)ZkEJMaP^~x|VPQ5te$`CCHzmm|Z6r0+$Fv$F>{ix6+tK%=~iV9+x!6OKqZ<+%Vs7gdvu|f~B`DaECbNOcvIFqk
#   RL^DB=WsX%8^0&x8HzlIE_&uG7Zpuif>FUXh^d*_;YZKBB%0suLpKG$toIuww>4#^Xd4{qo?Yy2@wzMYw%oDbpkC%ygP1c$J
#   Qj>b-je4itb4wChLi(%NKTATtckcPwDd(olbA`CLHU<5R%yUMGyl*a==@)^Jd1@}2ZyspNMRV12GV}b56g1mCaxw+YwNg9<E
#   !q(CDEW~~N;mF<N$0CC+8J|JnN(%DpDIYw3Gg=g5y^xLQsM-v#KvX2UQS7i|F6b)yx1t`@7u(NU}wu2t#R>ImkO=Hx4P8saJ
#   goy%eA`W`Eujj%Z4i5akT(>PvP-j&>Jt=;_|kN<D}3yx#>lsFRHe<ykxJ-6NScW6i2o6$h`Te+LSNSAmtr0qIV&W6C=;mASd
#   6BNOsytw%nY2;nB9?{<nI)A&?%YHr$`vX@72q{kgqCkCz>i{X_2~JFebpU*3dt;a2+>y!bfx!lO!goDv*wsytq}?fyBhJ_HJ
#   cD-SL>9>1mj6*A))qM}A!<lbI9K~(VnLirL=an(x;zMbpjzAm|PSiR)GLcz0!
# @ packed hand 251 zlib-base85
#   c-rljOKv7N421V{3Y|dUOQLw306~Imvd;1I$${PUjA!CmCoq1X-Az$^R2BKF&for;GG+X#^Y>r=`16a5|Ns7LfBMC(B5f@F=
#   VxobJ>OsM^X~tT-oKtvvG|me`~AiEYr_w{e02Kt_hNhvx~H#Wd;R`VF5k=Vd*AN6SASmz_%5v;&|6C16yV>g^~2JB*ULv0d-
#   L**hvoZIG5oNTKb6QwZU40KyDNW$lTX$2Q&)bvo<CE%&)U9SW=GzT)gk{;bgwY&-#+Y}nQpf)C2~i>Nsnn>?&C!6>9%<?+f%
#   GGN7nJF=E4mbIsH`X$faj)O-`lNo?FD%NI5zcUpn?ln-a2l+`Fc7XO4~TOg&*|Y{OP|dW|i$<|;3OExnH!I#z~E{;f6EN}XP
#   |$sU*U<T4D5a7<U$SW-4E@iU@AXNg9RNc>hB9gDqUI;SvLy7B9^M>x4H57G?7058`AWuK8867E_%B8H!HCMLOtXZqyiw&8n|
#   B<3}IEhnzLwh?ERFZJP0h*G*aW^p|%o^;uC&wEN%@zU@`6*;AwI@_T%BqwWFQe55pD3408#VI;O1iSPiajl8r@_~P$kw-DOM
#   XI_zHFs)YPB8S8x3S2<?Dk&PwN(rx)CoZ-bJa>h5S4jUPY$i6<QqUqPm!d`2_8KsMOhdmRRjy*20+lWC|g5!);zvddGs5ZS)
#   n|KiWSdSgx2(2)JCHS$GKM{03L0@SBO)lLtu)Vd8+P{>D=7?LJpf7Xb^!#%sc|D)Z~C%%!VppqYczXm1qI$%UcOBN-^Ow`7Q
#   ^oDo(JaH!+dA5G@@=1`a8RyOvOKpcA7EuXVV69PmZQ4){5AFD-X$Xyj9J3Ev@!LZAaH3wSAyuq0(Jf)Qv$EHEoT-M&zik`=J
#   T3HAit*+ycFYoY-e6V8CKu>hkd1cue5AQB060I-H{+^(DL5r76sE*r%3l4Q>~C6^g>69?=HNkHh$*C2_3ThPVZ0GAuc!4dFN
#   kl?_Ps|0$x8^D9lq%o)kfuku2OE!TAxPc`!m%h?S-|^CYdghP>kvaJFTO}{K)Nt+<b`m_;tsMbxXmYs;6%I7P1Noo|#60=gL
#   JYYLFb71oq|g@|yhUs{e+<Bbn(~XbaoMf4K@;Rau1bgpa?}i22`mT@u#q|*Y!T$zB!olop8GOUFPOGc2cwX3)@{lQkKVm#X6
#   <lu*)D3=x1d_6ErFI+OSYBZDNHL@FJdcgD|l-|YffufYh-Kh)AR;~4v+?$2TKiL4R#M08$>&B8=M=+ALKuDXe8;>X@uH{iZN
#   R{;TjE-PNnZ8?mO*JQ^|LXeR$m1-6-F5;8BOB8C^*peQB!mPK(|Is;O4jvPa>X?sYYMG_on@Bd1McyYjxtantCg+)dA$$~Wz
#   A6QRwCHa(u1(k4xxKW!?tS=A<3n`>>_wHeqZW1E-H5N(sS&D&=Rx7pk$_A|!YY;P04?E!5&XgkBRNwodq**V%C(zcVfv$Rd7
#   ?KjWX({`c0A+^1!ZBuQ>dN!}NkM%9B?QYLT*H*s12)6aGEsf7A*%r*Ubv~=8U`LzcZ(~OyOa
