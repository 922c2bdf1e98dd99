# latentcode session 1
# @ seed 6  rate 44100  buffer 256  bpm 120  synthesis overlap  block 512  hop 512  noise 0.0  headroom 6  loops 1  lasting 1  grains auto  default spectral  model_file spectral

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

# @ 5 470784
# pads and keys

# @ 6 484096
pads({36: s("kick"), 38: s("snare"), 42: s("hat")}, ch=1, quant=1/16)
# @ 6 pads 09bb3c 484608

# @ 7 492288
keys(d5, s("flute").release(.4), ch=2)
# @ 7 d5 f37dd4 520960

# @ 8 908032
# a gesture, taken once, that goes round

# @ 9 918272
wave = capture(cc(1), 2)
# @ 9 capture 1d4e6d 918272

# @ 10 925440
d2 >> s("marimba*8").gain(.6).pan(wave).degrade_by(wave.fast(2))
# @ 10 d2 1f3708 934656

# @ 11 1196800
# three places under two knobs

# @ 12 1206016
space = learn_space(cc(2), cc(3))
# @ answer 13.1 {"latent":{"bytes\u0020in\u0020base64":"HgtUP5FXm70VjhG//g6DPxlu0L5VkMO++L6WPsltEb/FNLS/II7fPlOKoz825SE9L+yeP+L1pD+vdxjAxQ8uvwaVAj9lb46+JrsBv34yJ0ClYPs/KW3Kv+Qavj/nW34/+fMKQNtZ2z/WIfs8jzKQPxo69b8Klsg/IbwsP/f38r9vwYQ+dMM7v1gfqD938QFAAzJIPjjQID4tJiXAZHqmvvTD4j6a9CTAQYcPQPCG9T9nK24/zThDv8lkBj6F1UlAtjr1P9i8A79XE/+9QrfKvn3cnL9l7Yu/KG0Ov4JJDz/YoALAvw2RP8U0DcD9HAm/6llZPheHGr+qj0HAZWRaP6T4S0COHJe+uj85Pi7JML91Rb8/R4eiP6Vlwj/Qphu/fwUdvwpUjj+HClm+8z1jv3jGGL8ohkS/xuz6P8eDl79pTxVAMs9SP2DPM737Jxe9RhS8vzA1OL0iVX2/zcQZP9yUzr8QxF2/jyT4Pk9zE76InhE/ycqCPmf5Yj82+hO/Y94Pvw2IWj+QiAE9Gp/evnamkj7MdQ4/aESlPd0e4L8Y+/Y/jB7/vz0+I8CAds8/DG8BvUTRID8QGcK+HlV7vtHoJb+2hd+9t5DIP7nc8b5jl70/WnmCvvdbDj8CeLO+U3H5vxuHSz87qDY/fNKEv4CTFrsqHog/ovZPPmErNr8="}}
# @ answer 13.2 {"latent":{"bytes\u0020in\u0020base64":"opBePwZt1T6k2EG/ixzFPkZfuz9TN+8+ljVMP7YbK74O7t2/tiTkPq/12j7d3kC+2E2rPgCe7r43XDPAaFJuv3IWhb/lfVA/vfYwwLDCBb7DsZw/+ZnEvg2qyT6j97C/YPTOP8gOAb/9eng/gdoAv5QP3L8QCR6/GECDvyK3bz9pGeY/zEbUPVEgBkCDuHU/gXUEPh5rtj1eNEDAQCisP1KHAD8/L6S/hiqEPxkFFr+Mayc//J3APJEm+77yuzy9Tvh/Pilo5D/sBLk+QJfHP8AX3rr71sO+Mc1Cv2CKAz8cTrO9I07AP35x579kvxI+Ptcjv2tDsD+w6sC/rII9vxyL+L4OGXa+7zonP4roY7/ZYrw+5/AzP7Q+nr8aBXa/1YqiP2kCYL/aWim/OCmVPtJs4b6xiam/aszqP7C2mbyRxnw/MO7Fv36pUr9GvLA+FjPhvgQKCT9+ZYG/lHByvm/akL+s3hU++AikP/4Vuj/ia20+IhoWvzqRiD7oWb49iEyNvkZ+Kr++jV0+8KERPYB1VjwgIbu9ZDd1Pkrbmr+2uVG/cF0LwJrmgb0YMQC/gm0tPmhU7L1OtUG/IOpjv+7vkr7N1De/SyJVv4hwIjzF/vQ8bgE2vyxk4L3N79U/15DdPupFLr+iM4Y/fIZoPwAHfj4EloC+3nQVQL0onj4="}}
# @ answer 13.3 {"latent":{"bytes\u0020in\u0020base64":"07SQP9aUab4QKc8+2+EBP70ZA79GWK++lyRMvwx3cz8Z9km/TrZUvhX06T74xpo+mqsVvZ/jjL1tpv6+DM0oP0x1xj+sNAPADmIUv38Dmb+s2Mw/h55bvlNrxD8UXqY/9mHqPrVSdD9hdPo+YT+5vlGIHz3cbec/Ar4FPV9ADsBQRe0/Y6aXP9Aqqb/VGKk/c8kxP4axNUCaWx3AX6+AwPovaj8TWzw/3mAcP5FWhL5O7Qe/Za5JP2p/7L6rJO+9N8JdP/gZsD+Uykk/Aom8v0omP76i6vE+Mq2dvpjFaD0VBkw/1qoev7x4M7/VrJQ/Tu/Qv9FbED6/TvO/yGXBvjmfoT/KBwhAAlkzwIN0A0A+9WxADr97P8bLFj7GLYU8wcNhP0aGAz/erUG/4AzCvyP0HL+Yk8M8kRqxP5TIOj//mx++oIwfwM1uob+wte2/mbGXP+VsXD848ms/Zx7Uv+o0uD++Oc4/CkoCQN8mVT/8ZJg/apS5P06gBUDh8D6/PUXovyCds79Y7es9dlTSvmjP+b5yXBzAQDFSPRIHVr/GTuq+IWynvhqPYr+7jjDAlkqKvw3fSb/HNMu/Q+pIwC8WNcAMH+G+xGjsvFoSUz6ayhk+77C+v1itiMBkLao/heqGP5RpVj+EUOi/lLcGwBxGzr/WWkbA6DdHP+rXEz8="}}

# @ 13 1216256
space.mark("choir", at=(0, 0)); space.mark("flute", at=(1, .5)); space.mark("cello", at=(0, 1))

# @ 14 1231104
d3 >> extend("strings(3,8)", space, .5).gain(.6)
# @ 13 mark 2bc605 1234176
# @ 13 mark c670d5 1234176
# @ 13 mark c2c801 1234176
# @ 14 d3 9be77b 1241856

# @ 15 1736448
hush(over=2)
# @ 15 hush 335c64 1736448

# @ end 1950128

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
