import type { EC2Client } from "@aws-sdk/client-ec2";
import { test } from "tap";
import { asEntry } from "../../../lib/act/entry.ts";
import { tag } from "../../../lib/dirtymark/actions/tag.ts";
import { planTags } from "../../../lib/dirtymark/plan.ts";
import { openMarks } from "../../../lib/marks/marks.ts";
import { openMemoryStore } from "../../../lib/state/memory.ts";
import { anIntent } from "../../support/an-intent.ts";
import { aTally, someInstance } from "../../support/marks.ts";

const { accountId, region } = someInstance;

const awsError = (name: string): Error =>
  Object.assign(new Error(`words for ${name}`), { name, $metadata: { httpStatusCode: 400 } });

const idOf = (index: number): string => `i-${index.toString(16).padStart(8, "0")}`;

const planOf = (count: number) => {
  const instanceIds = Array.from({ length: count }, (_, index) => idOf(index));
  const promised = { id: "d", version: 1, accountId, region, instanceIds };
  const [action] = planTags([promised], { accountId, tag: { key: "dirty", value: "skunked" }, now: 5, run: "r" });
  if (action === undefined) throw new Error("nothing is planned");
  return action;
};

/** Instances that can't be tagged, by the error that names why. */
function open(bad: Readonly<Record<string, string>> = {}) {
  const calls: string[][] = [];
  const tagged: string[] = [];
  const send = async ({ input }: { readonly input: { readonly Resources: string[] } }) => {
    calls.push(input.Resources);
    const why = input.Resources.map((id) => bad[id]).find((name) => name !== undefined);
    if (why !== undefined) throw awsError(why);
    tagged.push(...input.Resources);
    return {};
  };
  const store = openMemoryStore();
  const marks = openMarks(store, accountId, () => 5);
  const noted: string[] = [];
  const kind = tag({
    // The kind calls `send` alone.
    writing: () => ({ client: { send } as unknown as EC2Client, stop: new AbortController().signal }),
    marks,
    note: (of, id) => noted.push(`${of}/${id}`),
  });
  return { kind, marks, calls, tagged, noted };
}

const never = new AbortController().signal;

const bisected = [
  { name: "all are there", count: 1000, bad: {}, mostCalls: 1 },
  { name: "one of a thousand is gone", count: 1000, bad: { [idOf(617)]: "InvalidInstanceID.NotFound" }, mostCalls: 21 },
  { name: "the first has as many tags as it may", count: 16, bad: { [idOf(0)]: "TagLimitExceeded" }, mostCalls: 9 },
  { name: "the last has no id of EC2's", count: 16, bad: { [idOf(15)]: "InvalidInstanceID.Malformed" }, mostCalls: 9 },
  {
    name: "of three all are gone",
    count: 3,
    bad: { [idOf(0)]: "InvalidInstanceID.NotFound", [idOf(1)]: "InvalidID", [idOf(2)]: "TagLimitExceeded" },
    mostCalls: 5,
  },
  { name: "the only one is gone", count: 1, bad: { [idOf(0)]: "InvalidInstanceID.NotFound" }, mostCalls: 1 },
] as const;

for (const { name, count, bad, mostCalls } of bisected) {
  test(`tags are put on whoever can have them: ${name}`, async (t) => {
    const { kind, calls, tagged } = open(bad);
    const action = planOf(count);
    const written = await kind.write(await anIntent(action), {}, never);
    const wrong = Object.keys(bad).sort();
    t.strictSame(Object.keys(Object(written.untaggable)).sort(), wrong);
    t.strictSame(
      [...tagged].sort(),
      action.detail.instanceIds.filter((id) => !wrong.includes(id)),
    );
    t.ok(calls.length <= mostCalls, `${calls.length} calls`);
  });
}

test("what is wrong with the call is wrong with no instance", async (t) => {
  const { kind, calls } = open({ [idOf(1)]: "UnauthorizedOperation" });
  await t.rejects(async () => kind.write(await anIntent(planOf(4)), {}, never), { code: "denied" });
  t.equal(calls.length, 1);
});

test("past its time it asks for nothing more", async (t) => {
  const { kind, calls } = open();
  await t.rejects(async () => kind.write(await anIntent(planOf(4)), {}, AbortSignal.abort(new Error("the lease"))));
  t.strictSame(calls, []);
});

test("only what is known to be done is done: what is promised stays so", async (t) => {
  const { kind } = open();
  const intended = { action: planOf(1), reference: "x", since: 0, before: {} };
  const written = { untaggable: {} };
  t.strictSame(await kind.confirm(intended, { written }), { is: "done", after: written });
  t.match(await kind.confirm(intended, { thrown: new Error("denied") }), { is: "not_done", says: "denied" });
  t.match(await kind.confirm(intended, {}), { is: "not_done", says: /nobody knows/ });
  t.match(await kind.stand(planOf(1)), { is: "due" });
});

test("who can't be tagged has it in his mark, unless that was cleared meanwhile", async (t) => {
  const { kind, marks, noted } = open();
  await marks.update({ region, instanceId: idOf(0) }, (mark) => ({ ...mark, verified: aTally() }));
  const after = { untaggable: { [idOf(0)]: "not_found", [idOf(1)]: "tag_limit" } };
  const entry = asEntry(JSON.parse(JSON.stringify({ state: "applied", action: planOf(2), after })));
  await kind.record?.({ ...entry, state: "failed" });
  t.strictSame(noted, []);
  await kind.record?.(entry);
  t.strictSame(noted, [`${region}/${idOf(0)}`, `${region}/${idOf(1)}`]);
  t.match(await marks.find({ region, instanceId: idOf(0) }), { untaggable: "not_found", verified: { count: 1 } });
  t.equal(await marks.find({ region, instanceId: idOf(1) }), undefined);
});
