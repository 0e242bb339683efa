const STARTS = ["", "x", "failure", "1", "\\", "a%_"];
const QUOTES = ["'", '"', "`", "]", "$$", "''", "\\'", "%27", "ʼ"];
const BODIES = [
  "; DROP TABLE ledger; --",
  "; DELETE FROM ledger WHERE 1=1; --",
  "; UPDATE ledger SET subject='x'; --",
  " OR 1=1 --",
  " OR '1'='1",
  " UNION SELECT seq, hash FROM ledger --",
  ") ; PRAGMA writable_schema = ON; --",
  "; ATTACH DATABASE 'x.db' AS y; --",
  " || load_extension('x') || ",
  "/**/AND/**/1=(SELECT count(*) FROM ledger)#",
  ":name $1 ?1 @p",
  "$.a[?(@.b)] ->> '$.x'",
];

/** Texts that leave a statement which was put together from strings. None looks like a secret, and each is short enough to be kept whole. */
export const INJECTIONS: readonly string[] = [
  ...new Set(
    STARTS.flatMap((start) => QUOTES.flatMap((quote) => BODIES.map((body) => start + quote + body))),
  ),
].filter((text) => text.length <= 64);
