/** One way to write where a request goes, `host` or `host:port`, with a user before it at times. */
export interface Spelling {
  readonly authority: string;
  readonly listed: boolean;
}

/** The list that the spellings are judged by. */
export const ALLOWED = [
  "api.listed.example",
  ".below.example",
  "*.star.example",
  "ported.example:8443",
  ".ported-below.example:8443",
  "10.20.30.40",
  "10.20.30.41:9000",
  "[fd00::7]",
  "[fd00::8]:9000",
  "Bücher.example",
  "xn--mnchen-3ya.example",
  "Trailing.Example.",
] as const;

const LONG = `${"a".repeat(60)}.`.repeat(3);

const LISTED = [
  ...["api.listed.example", "API.Listed.EXAMPLE", "api.listed.example.", "api.listed.example:80"],
  ...["api.listed.example:8080", "api.listed.example:65535", "api%2elisted.example", "api。listed。example"],
  ...["user@api.listed.example", "user:pw@api.listed.example", "evil.example:pw@api.listed.example"],
  ...["evil.example%40x@api.listed.example:81", "ＡＰＩ.listed.example", "api.listed.example.:8080"],
  ...["a.below.example", "a.b.c.below.example", "A.Below.Example", "a.below.example.", "a.below.example:99"],
  ...["evilbelow.below.example", "below.example.below.example", `${LONG}below.example`, "x-1.below.example"],
  ...[
    "a.star.example",
    "a.b.star.example",
    "STAR.star.example",
    "a.star.example.:8081",
    "u:p@a.star.example",
  ],
  ...["ported.example:8443", "PORTED.example.:8443", "u@ported.example:8443", "ported.example:08443"],
  ...["a.ported-below.example:8443", "a.b.ported-below.example:8443", "A.PORTED-below.example:8443"],
  ...["10.20.30.40", "10.20.30.40:8080", "0x0a141e28", "169090600", "012.024.036.050", "10.1318440"],
  ...["0xa.0x14.0x1e.0x28", "10.20.30.40.", "[::ffff:10.20.30.40]", "[::ffff:a14:1e28]", "u@10.20.30.40"],
  ...["10.20.30.41:9000", "0x0a141e29:9000", "[::ffff:10.20.30.41]:9000"],
  ...["[fd00::7]", "[FD00::7]", "[fd00:0:0:0:0:0:0:7]", "[fd00:0000::0007]:8080", "u:p@[fd00::7]"],
  ...["[fd00::8]:9000", "[fd00:0::8]:9000"],
  ...[
    "bücher.example",
    "BÜCHER.example",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.example.",
    "b%C3%BCcher.example",
  ],
  ...["münchen.example", "xn--mnchen-3ya.example", "MÜNCHEN.EXAMPLE:8080"],
  ...["trailing.example", "trailing.example.", "TRAILING.example:1234"],
  ...["localhost", "LOCALHOST", "localhost.", "localhost:11434", "127.0.0.1", "127.1", "127.255.255.254"],
  ...["2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"],
];

const NOT_LISTED = [
  ...["evil.example", "api.openai.com", "API.OpenAI.com.", "api.anthropic.com:443", "xn--evl-hma.example"],
  ...["evilapi.listed.example", "api-listed.example", "apilisted.example", "listed.example", "example"],
  ...["a.api.listed.example", "www.api.listed.example:80", "api.listed.example.evil.example"],
  ...["api.listed.example.evil", "api.listed.examplex", "api.listed.exampl", "xapi.listed.example"],
  ...[
    "api.listed.example..",
    "api..listed.example",
    "api.listed.example@evil.example",
    "api-.listed.example",
  ],
  ...["api.listed.example:pw@evil.example", "u:api.listed.example@evil.example:80", "a@b@evil.example"],
  ...["api.listed.example%40evil.example@evil.example", "аpi.listed.example", "api.lіsted.example"],
  ...["api_listed.example", "api.listed.example-evil.com", "api.listed.example.com", "api.listed.com"],
  ...["below.example", "BELOW.example", "below.example.", "evilbelow.example", "a.evilbelow.example"],
  ...["a.below.example.evil.com", "a.below.examples", "below.example.evil.com", "a-below.example"],
  ...["a.below.example@evil.example", "below.example:8080", "x.below-example", "below.example.below"],
  ...["star.example", "STAR.example.", "evilstar.example", "star.example:80", "a.star.example.evil.com"],
  ...[
    "ported.example",
    "ported.example:80",
    "ported.example:443",
    "ported.example:8444",
    "ported.example:844",
  ],
  ...["a.ported.example:8443", "evilported.example:8443", "ported.example.:9443", "u:8443@ported.example"],
  ...["ported-below.example:8443", "a.ported-below.example", "a.ported-below.example:443"],
  ...["a.ported-below.example.:84", "evilported-below.example:8443"],
  ...["10.20.30.42", "10.20.30.4", "10.20.30.140", "110.20.30.40", "11.20.30.40", "10.20.30.40.evil.com"],
  ...["0x0a141e2a", "169090602", "012.024.036.052", "40.30.20.10", "[::ffff:10.20.30.42]", "[::a14:1e28]"],
  ...["10.20.30.41", "10.20.30.41:80", "10.20.30.41:9001", "0x0a141e29", "10.20.30.40@10.20.30.42"],
  ...["[fd00::70]", "[fd00::77]", "[fd01::7]", "[fd00::7:0]", "[fd00::17]:8080", "[fe80::7]", "[::7]"],
  ...["[fd00::8]", "[fd00::8]:80", "[fd00::8]:9001", "[2001:db8::7]", "[::ffff:fd00:7]"],
  ...[
    "bucher.example",
    "buecher.example",
    "bu\u0308chers.example",
    "xn--bcher-kvb.example",
    "bücher.example.evil",
  ],
  ...["a.bücher.example", "munchen.example", "xn--mnchen-3yb.example", "muenchen.example", "münchen.examplé"],
  ...["atrailing.example", "trailing.example.evil", "trailing.example.."],
  ...[
    "localhost.evil.example",
    "evillocalhost",
    "localhost1",
    "local",
    "a.localhost",
    "127.0.0.1.evil.example",
  ],
  ...[
    "128.0.0.1",
    "126.255.255.255",
    "0.0.0.0",
    "[::]",
    "[::2]",
    "1",
    "192.168.0.1",
    "10.0.0.1",
    "169.254.169.254",
  ],
  ...[
    "service",
    "internal",
    "db.internal",
    "printer.local",
    "2130706431",
    "0x80000000",
    "[::ffff:128.0.0.1]",
  ],
  ...[`${LONG}evil.example`, `${"b".repeat(63)}.example`, "metadata.google.internal", "100.64.0.1"],
];

/** At least 200, half of them and more not listed. */
export function spellings(): readonly Spelling[] {
  return [
    ...LISTED.map((authority) => ({ authority, listed: true })),
    ...NOT_LISTED.map((authority) => ({ authority, listed: false })),
  ];
}
