import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import type { InstanceLadder } from "../../lib/tagaudit/ladder.ts";
import { planNews } from "../../lib/tagaudit/plan-news.ts";
import { aLadder, failed, sayKinds, someSettings } from "../support/instance-ladders.ts";
import { now } from "../support/tagaudit-records.ts";

const stopped = { at: now - days(15), id: "tagaudit/123456789012/stop/x/1" };

const newsCases = [
  { name: "nothing was done", ladder: {}, want: [] },
  { name: "a stop", ladder: { stopped }, want: ["news 1-stopped"] },
  { name: "and once", ladder: { stopped, said: ["stopped"] }, want: [] },
  { name: "not of what complies by now", ladder: { stopped, endedAt: now }, want: [] },
  { name: "a termination", ladder: { stopped, terminated: stopped, endedAt: now }, want: ["news 1-terminated"] },
  { name: "and once", ladder: { terminated: stopped, said: ["stopped", "terminated"] }, want: [] },
  { name: "in another round", ladder: { round: 2, stopped }, want: ["news 2-stopped"] },
  { name: "what failed waits", ladder: { stopped, ...failed("news", now + 1) }, want: [] },
  { name: "and is tried again", ladder: { stopped, ...failed("news", now) }, want: ["news 1-stopped"] },
] as const;

const planningNews = (sendNotices = true) => ({
  accountId: "123456789012",
  settings: someSettings({ sendNotices }),
  now,
});

for (const { name, ladder, want } of newsCases) {
  test(`news: ${name}`, async (t) => {
    t.strictSame(sayKinds(planNews([aLadder(ladder as Partial<InstanceLadder>)], planningNews())), want);
  });
}

test("news names the deed, whose entry in the journal tells the rest", async (t) => {
  const [action] = planNews([aLadder({ stopped })], planningNews());
  t.match(action, {
    ...{ program: "tagaudit", class: "notice", cap: "notices", subject: "eu-west-1/i-0123456789abcdef0" },
    ...{ reason: "the instance was stopped", decidedBy: "stop_after", notBefore: stopped.at, legs: [] },
    detail: { region: "eu-west-1", instanceId: "i-0123456789abcdef0", stage: "stopped", deed: stopped.id },
  });
  t.match(planNews([aLadder({ terminated: stopped })], planningNews()), [{ decidedBy: "terminate_after" }]);
  t.strictSame(planNews([aLadder({ stopped })], planningNews(false)), [], "where nobody is told, there is none");
});
