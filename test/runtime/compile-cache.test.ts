import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { openOwnDirectory } from "../../lib/runtime/compile-cache.ts";

const uid = process.geteuid?.() ?? 0;
const name = `stalewatch-${uid}`;

test("a directory of one's own is made, and found again", async (t) => {
  const parent = t.testdir({});
  const own = openOwnDirectory(parent, uid);
  t.equal(own, join(parent, name));
  t.equal(statSync(join(parent, name)).mode & 0o777, 0o700);
  t.equal(openOwnDirectory(parent, uid), own);
});

const planted: readonly { readonly name: string; readonly plant: (path: string) => void }[] = [
  {
    name: "others may write to",
    plant: (path) => {
      mkdirSync(path);
      chmodSync(path, 0o722);
    },
  },
  {
    name: "leads elsewhere",
    plant: (path) => {
      mkdirSync(`${path}.elsewhere`, { mode: 0o700 });
      symlinkSync(`${path}.elsewhere`, path);
    },
  },
  { name: "is none", plant: (path) => writeFileSync(path, "", { mode: 0o600 }) },
];

for (const { name: what, plant } of planted) {
  test(`a directory that ${what} is not taken`, async (t) => {
    const parent = t.testdir({});
    plant(join(parent, name));
    t.equal(openOwnDirectory(parent, uid), undefined);
  });
}

test("another's directory is not taken", { skip: uid !== 0 && "only root gives directories away" }, async (t) => {
  const parent = t.testdir({ [name]: {} });
  chmodSync(join(parent, name), 0o700);
  chownSync(join(parent, name), 65_534, 65_534);
  t.equal(openOwnDirectory(parent, uid), undefined);
});

test("where none can be made there is none", async (t) =>
  t.equal(openOwnDirectory(join(t.testdir({}), "nowhere"), uid), undefined));
