import { test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { patientCall } from "../../lib/dirtymark/patient-call.ts";

const timeout = 30;
const never = () => new Promise<never>(() => undefined);

test("an answer is an answer, at once or later", async (t) => {
  const clock = () => 0;
  t.equal(await patientCall((given: number) => given + 1, { clock })(1), 2);
  t.equal(await patientCall(async (given: number) => given + 1, { clock })(1), 2);
  t.equal(await patientCall(() => undefined, { clock })(1), undefined);
});

test("what it throws is thrown", async (t) => {
  const fail = () => {
    throw new Error("no way");
  };
  await t.rejects(patientCall(fail, { clock: () => 0 })(1), { message: "no way" });
  await t.rejects(patientCall(async () => fail(), { clock: () => 0 })(1), { message: "no way" });
});

test("who does not answer in time is not asked again within a minute", async (t) => {
  let [now, asked] = [0, 0];
  const call = patientCall(
    () => {
      asked += 1;
      return asked === 1 ? never() : "now";
    },
    { clock: () => now, timeout },
  );
  await t.rejects(call(1), { message: "no answer within 30 ms" });
  now = minutes(1) - 1;
  await t.rejects(call(1), { message: "no answer within 30 ms" });
  t.equal(asked, 1);
  now = minutes(1);
  t.equal(await call(1), "now");
});

test("who throws is asked again at once", async (t) => {
  let asked = 0;
  const call = patientCall(
    () => {
      asked += 1;
      if (asked === 1) throw new Error("no way");
    },
    { clock: () => 0 },
  );
  await t.rejects(call(1));
  t.equal(await call(1), undefined);
});
