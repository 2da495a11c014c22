import { test } from "tap";
import { actionId, actionName } from "../../lib/act/action.ts";
import { planClear } from "../../lib/dirtycount/plan-clear.ts";
import { aMark, aTally, now } from "../support/marks.ts";

test("a person's clearing is journaled with who and why, each time anew", async (t) => {
  const instance = { accountId: "123456789012", region: "eu-west-1", instanceId: "i-00000001" };
  const asked = { ...instance, tag: { key: "dirty", value: "skunked" }, by: "ada@host", reason: "rebuilt", now };
  const action = planClear({ ...asked, mark: aMark({ unverified: aTally({ lastAt: now - 5, count: 2 }) }) });
  t.match(action, {
    ...{ kind: "clear", class: "mark", reason: "rebuilt", decidedBy: "dirtycount clear, by ada@host" },
    ...{ names: ["i-00000001", "eu-west-1/i-00000001"], evidenceAt: now },
    detail: { key: "dirty", value: "skunked", touchedAt: now - 5, events: 3, by: "ada@host" },
  });
  t.match(actionName(actionId(action)), { subject: "eu-west-1/i-00000001", occasion: String(now) });
  t.match(planClear({ ...asked, mark: undefined }).detail, { touchedAt: null, events: 0 });
});
