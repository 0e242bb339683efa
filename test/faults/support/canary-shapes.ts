/** A secret that must turn up nowhere. */
export interface Canary {
  /** What is planted: the secret, with what says that it is one. */
  readonly text: string;
  /** The secret itself. */
  readonly secret: string;
}

export type Shape = (random: () => number) => Canary;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const BASE62 = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;

export function randomText(random: () => number, length: number, alphabet = BASE62): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/** @param around Text with `*` where the secret stands. */
function shape(around: string, length: number, alphabet?: string): Shape {
  return (random) => {
    const secret = randomText(random, length, alphabet);
    return { text: around.replace("*", secret), secret };
  };
}

/** What can be known for a secret wherever it stands. */
export const KNOWN_SHAPES: Readonly<Record<string, Shape>> = {
  openai: shape("sk-proj-*", 48),
  anthropic: shape("sk-ant-api03-*", 40),
  openrouter: shape("sk-or-v1-*", 64, "0123456789abcdef"),
  stripe: shape("sk_live_*", 24),
  xai: shape("xai-*", 40),
  groq: shape("gsk_*", 40),
  google: shape("AIza*", 35),
  aws: shape("AKIA*", 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
  github: shape("ghp_*", 36),
  "github fine-grained": shape("github_pat_*", 60),
  gitlab: shape("glpat-*", 20),
  "hugging face": shape("hf_*", 34),
  replicate: shape("r8_*", 37),
  slack: shape("xoxb-123456789012-*", 24),
  perplexity: shape("pplx-*", 48),
  sendgrid: shape("SG.abcdefghijklmnopqrstuv.*", 43),
  npm: shape("npm_*", 36),
  azure: shape("DefaultEndpointsProtocol=https;AccountName=app;AccountKey=*==;EndpointSuffix=core.test", 60),
  jwt: shape("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.*", 43),
  "private key": shape("-----BEGIN RSA PRIVATE KEY-----\n*\n-----END RSA PRIVATE KEY-----", 64),
  password: shape("the password=*, and so on", 12),
  "quoted password": shape('{"user":"bob","password":"*"}', 12, LETTERS),
  "password with spaces": shape('password: "correct horse * staple"', 12, LETTERS),
  "password in escaped JSON": shape('{"body":"{\\"password\\":\\"*\\"}"}', 12, LETTERS),
  "nested credentials": shape('{"credentials":{"name":"bob","value":["*"]}}', 12, LETTERS),
  "api key by name": shape("x-api-key: *", 32, "0123456789abcdef"),
  "access token": shape("access_token=*", 20, LETTERS),
  "client secret": shape("clientSecret: '*'", 16, LETTERS),
  authorization: shape("Authorization: Bearer *", 24),
  digest: shape('Authorization: Digest username="bob", response="*"', 32, "0123456789abcdef"),
  basic: shape("sent Basic *Og==", 24),
  cookie: shape("Cookie: theme=dark; session=*; lang=en", 16, LETTERS),
  "command line": shape("curl --password * https://host.test", 12, LETTERS),
  "query of a URL": shape("https://api.test/v1/models?key=*&alt=json", 24, LETTERS),
  "user of a URL": shape("https://bob:*@api.test/v1", 12, LETTERS),
  "connection string": shape("postgres://app:*@db.test:5432/main", 16, LETTERS),
  "e-mail": shape("*@mail.test", 12, LETTERS),
  "random text": shape("*", 48),
};

/** What nobody could know for a secret: safe only where nothing is recorded. */
export const UNKNOWN_SHAPES: Readonly<Record<string, Shape>> = {
  "a word": shape("canary*", 10, LETTERS),
  "a sentence": shape("my mother's maiden name is Canary*", 8, LETTERS),
  "a number": shape("4111 *", 12, "0123456789"),
};

/** Whether a part of the secret that is long enough to be no accident stands in a text. */
export function leaks(artefact: string, { secret }: Canary): boolean {
  return artefact.includes(secret.slice(0, 12)) || artefact.includes(secret.slice(-12));
}
