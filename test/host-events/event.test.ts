import { test } from "tap";
import { levels, refusalReasons } from "../../lib/host-events/event.ts";
import { judgeEvent } from "../../lib/host-events/filters.ts";

test("levels are as the original's or below them, and rise", async (t) => {
  const event = { accountId: "111122223333", region: "eu-west-1", source: "host", id: undefined, at: 0 } as const;
  const rank = (name: string) => {
    const nobody = { principal: undefined, address: undefined };
    const judged = judgeEvent({ ...event, ...nobody, name }, { rules: [], automationPrincipals: [] });
    return judged.is === "marked" ? levels.indexOf(judged.level) : -1;
  };
  t.ok(rank("ssh") < rank("anything else"));
  t.equal(rank("anything else"), levels.length - 1, "nothing is graver than what nobody foresaw");
  t.ok(levels.indexOf("low") < levels.indexOf("medium"));
  t.ok(levels.indexOf("medium") < rank("ssh"));
});

test("reasons become names of fields, each its own", async (t) => {
  t.equal(new Set(refusalReasons).size, refusalReasons.length);
  for (const reason of refusalReasons) t.match(reason, /^[a-z]+(_[a-z]+)*$/);
});
