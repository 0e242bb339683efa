/** Addresses that nothing may be sent to: this machine, its network, metadata services, what is given out to nobody. */
export const INSIDE_IPV4 = [
  "127.0.0.1",
  "127.1.2.3",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
  "192.0.0.192",
  "198.18.0.1",
] as const;

export const INSIDE_IPV6 = [
  "::1",
  "::",
  "0:0:0:0:0:0:0:1",
  "fe80::1",
  "febf::1",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "fec0::1",
  "100::1",
  "2001:db8::1",
  "2001:2::1",
  "2001:10::1",
  "3fff::1",
  "5f00::1",
  "4000::1",
  "1::1",
] as const;

/** Ways to write one IPv4 address as the host of a URL. */
export function spellings(address: string): readonly string[] {
  const parts = address.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (n: number, width = 2) => n.toString(16).padStart(width, "0");
  const [high, low] = [hex(a) + hex(b), hex(c) + hex(d)];
  const other = hex(~whole >>> 0, 8);
  const wide = (text: string) =>
    [...text].map((each) => (/\d/.test(each) ? String.fromCodePoint(0xff10 + Number(each)) : each)).join("");
  return [
    address,
    `${address}.`,
    parts.map((n) => `0x${hex(n)}`).join("."),
    parts.map((n) => `0X${hex(n).toUpperCase()}`).join("."),
    parts.map((n) => `0${n.toString(8)}`).join("."),
    parts.map((n) => `000${n.toString(8)}`).join("."),
    `0x${hex(a)}.0${b.toString(8)}.${c}.${d}`,
    String(whole),
    `0x${hex(whole, 8)}`,
    `0${whole.toString(8)}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    [...address].map((each) => `%${hex(each.charCodeAt(0))}`).join(""),
    wide(address),
    address.replaceAll(".", "。"),
    `[::ffff:${address}]`,
    `[::ffff:${high}:${low}]`,
    `[0:0:0:0:0:ffff:${address}]`,
    `[::${address}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:4136:e378:8000:63bf:${other.slice(0, 4)}:${other.slice(4)}]`,
  ];
}

export const BAD_URLS = [
  "",
  "nonsense",
  "//127.0.0.1/",
  "https://",
  "https:///",
  "http://example.com/",
  "HTTP://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:6379/_INFO",
  "javascript:alert(1)",
  "data:text/plain,hello",
  "ws://example.com/",
  "blob:https://example.com/1",
  "https://user@example.com/",
  "https://user:secret@example.com/",
  "https://:secret@example.com/",
  "https://example.com@127.0.0.1/",
  "https://127.0.0.1#@example.com/",
  "https://127.0.0.1?@example.com/",
  "https://127.0.0.1\\@example.com/",
  "https:127.0.0.1/",
  "https:\\\\127.0.0.1/",
  " https://127.0.0.1/ ",
  "ht\ntps://127.0.0.1/",
  "https://127.0.0.\t1/",
  "https://[::1%25lo]/",
  "https://[fe80::1%25eth0]/",
  "https://[::1",
  "https://256.256.256.256/",
  "https://exa mple.com/",
  "https://example.com:99999/",
] as const;

/** Names that a resolver sends inside. */
export const INSIDE_NAMES = [
  "localhost",
  "LOCALHOST",
  "localhost.",
  "localhost.localdomain",
  "metadata.google.internal",
  "metadata",
  "127.0.0.1.nip.io",
  "localtest.me",
  "ip6-localhost",
  "kubernetes.default.svc",
  "host.docker.internal",
  "xn--lclhst-bua.example",
] as const;
