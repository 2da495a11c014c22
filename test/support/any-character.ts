import fc from "fast-check";

const [firstSurrogate, surrogates] = [0xd800, 0x800];

/** What `unit: "binary"` is, without its table of all characters, which takes longer than most properties. */
export const anyCharacter = fc.nat({ max: 0x10ffff - surrogates }).map(
  (index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates),
  (character) => {
    if (typeof character !== "string" || [...character].length !== 1) throw new Error("no character");
    const code = character.codePointAt(0) ?? 0;
    return code < firstSurrogate ? code : code - surrogates;
  },
);
