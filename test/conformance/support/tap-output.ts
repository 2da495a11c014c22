export interface TapCounts {
  readonly pass: number;
  readonly fail: number;
  readonly skip: number;
}

export interface TapReader {
  /** Takes the next line of tap's output. */
  read(line: string): void;
  /** Of tap's own summary; undefined until it has come. */
  counts(): TapCounts | undefined;
}

/** Reads TAP and hands on what people need of it: of a test file that passed one line, of any other all it said. */
export function readTap(print: (line: string) => void): TapReader {
  let counts: TapCounts | undefined;
  let block: string[] = [];
  let isFailing = false;
  const startBlock = (line: string): void => {
    block = [line];
    isFailing = false;
  };
  return {
    read(line) {
      counts = parseTapCounts(line) ?? counts;
      if (line.startsWith("# Subtest: ")) startBlock(line);
      else if (line.startsWith("ok ")) print(line);
      else if (line.startsWith("not ok ")) {
        isFailing = true;
        for (const said of [...block, line]) print(said);
      } else if (isFailing || /^(# \{|Bail out!)/.test(line)) print(line);
      else block.push(line);
    },
    counts: () => counts,
  };
}

/** `# { total: 61, pass: 58, fail: 2, skip: 1 }`, where what is zero is left out. */
export function parseTapCounts(line: string): TapCounts | undefined {
  if (!/^# \{ total: \d+.*\}$/.test(line)) return undefined;
  const count = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(line)?.[1] ?? 0);
  return { pass: count("pass"), fail: count("fail"), skip: count("skip") };
}

export const sumCounts = (all: readonly TapCounts[]): TapCounts => ({
  pass: all.reduce((sum, { pass }) => sum + pass, 0),
  fail: all.reduce((sum, { fail }) => sum + fail, 0),
  skip: all.reduce((sum, { skip }) => sum + skip, 0),
});

export const formatCounts = ({ pass, fail, skip }: TapCounts): string =>
  `${pass} passed, ${fail} failed${skip === 0 ? "" : `, ${skip} skipped`}`;
