const letters = "abcdefghijklmnopqrstuvwxyz";

/** Every character that IAM allows in a user name: [\w+=,.@-]. */
const legalCharacters: readonly string[] = [...letters, ...letters.toUpperCase(), ..."0123456789_+=,.@-"];

/** IAM compares names regardless of case, so each also carries its character's number. */
const placesOf = (character: string): readonly string[] => {
  const number = character.charCodeAt(0);
  return [`${character}first${number}`, `mid${character}dle${number}`, `last${number}${character}`];
};

/** Every legal character first, in the middle and last, and 64 characters, as long as a name may be. */
export const legalNames: readonly string[] = [
  ...legalCharacters.flatMap(placesOf),
  ...["=", ",", "name=x,status=ok", "a=b,c=d", "@+.-_", "-", "."],
  ...["x", "=", ",", "+=,.@-_x"].map((repeated) => repeated.repeat(64).slice(0, 64)),
];

/** What strangers may put where a name is expected; IAM forbids most of it, other services do not. */
export const foreignTexts: readonly string[] = [
  ...['"', '""', '"quoted"', 'half "quoted', "'single'", "`back`", "$(id)", "%s%n", "<b>&amp;</b>", "{}[]()|"],
  ...["\\", "\\\\", "\\\\\\", "trailing\\", "trailing\\\\", "in\\side", "\\,", "\\=", "\\ ", '\\"', "\\\\,x=1", "\\n"],
  ...[",", ",,", "=", "==", " ", "  ", " leading", "trailing ", "a b", "a,b", "a=b", ",admin=true", "=,= ,="],
  ...[
    "x,status=ok age=0",
    "x age=1i 1\niam,name=y age=2",
    'x" ,age=1',
    "#comment",
    "# TYPE x gauge",
    "1i",
    "true",
    "NaN",
  ],
  ...["line\nbreak", "line\r\nbreak", "line\rbreak", "\n", "\r\n", "tab\there", "\t", "\v\f", "ends\n"],
  ...["\0", "nul\0in", "\u0001\u0002\u001f", "\u001b[31mred\u001b[0m", "\u007f", "\u0080\u0085\u009f", "\u00a0"],
  ...[
    "ü",
    "ñandú",
    "中文",
    "日本語",
    "العربية",
    "\u202eright to left",
    "a\u0301",
    "\u200b",
    "\u200d",
    "\u2028",
    "\u2029",
    "\ufeff",
  ],
  ...["😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "\ud83d", "\ude00", "\ude00\ud83d", "\u{10ffff}", "\ufffd", "\ufffe", "\uffff"],
  ...["x".repeat(1000), "\\".repeat(99), "😀".repeat(100), `${'"'.repeat(50)}\\`, "__name__", "db", "time"],
];
