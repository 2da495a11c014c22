import { test } from "tap";
import { planActions } from "../../lib/tagaudit/plan.ts";
import { aPlanning, candidateOf } from "../support/instance-ladders.ts";

test("a notice cuts nothing off, and says which one of the round it is", async (t) => {
  const planned = planActions([candidateOf({ ladder: { notices: 0 } })], aPlanning({ mode: "notify" }));
  t.match(planned, [
    {
      ...{ kind: "notice", class: "notice", cap: "notices", isFirst: true, legs: [], decidedBy: "notify_after" },
      detail: { sequence: 1 },
    },
  ]);
  t.notOk("telling" in (planned[0] ?? {}));
  const [reminder] = planActions(
    [candidateOf({ ladder: { notices: 2, lastNoticeAt: 0 } })],
    aPlanning({ mode: "notify" }),
  );
  t.match(reminder, { isFirst: false, occasion: "1-3", detail: { sequence: 3 } });
});
