import { test } from "tap";
import { assessEvents, type JudgedEvent } from "../../lib/dirtymark/assess.ts";
import { aHostEvent } from "../support/marks.ts";

const marked = (said: Partial<JudgedEvent["event"]> = {}, annotations: Readonly<Record<string, string>> = {}) =>
  ({ event: aHostEvent(said), judgement: { is: "marked", level: "high", annotations } }) as const;

const dropped = (by: "filter" | "automation", rule: string): JudgedEvent => ({
  event: aHostEvent(),
  judgement: { is: "dropped", by, rule },
});

const believed = { message: { id: "m1" }, isVerified: true };

const cases = [
  {
    name: "an event without an id of its own has its message's",
    judged: [marked()],
    want: { is: "marks", events: [{ level: "high", isVerified: true, messageId: "m1", annotations: undefined }] },
  },
  {
    name: "one with an id keeps it, so that it counts once whatever message brings it",
    judged: [marked({ id: "e1" })],
    want: { is: "marks", events: [{ messageId: "e1" }] },
  },
  {
    name: "annotations go along",
    judged: [marked({}, { team: "web" })],
    want: { is: "marks", events: [{ annotations: { team: "web" } }] },
  },
  {
    name: "of several, those that are dropped are left out",
    judged: [dropped("filter", "event=x"), marked({ instanceId: "i-2" })],
    want: { is: "marks", events: [{ event: { instanceId: "i-2" } }] },
  },
  {
    name: "where all are dropped each reason is said once",
    judged: [dropped("filter", "event=x"), dropped("automation", "ci-*"), dropped("filter", "event=x")],
    want: { is: "dropped", says: "filter event=x, automation ci-*" },
  },
];

for (const { name, judged, want } of cases) {
  test(`a believed message: ${name}`, async (t) => {
    const assessed = assessEvents(judged, believed);
    t.match(assessed, want);
    if (assessed.is === "marks") t.equal(assessed.events.length, 1);
  });
}

test("what is not proven is said of each event", async (t) => {
  t.match(assessEvents([marked(), marked()], { ...believed, isVerified: false }), {
    events: [{ isVerified: false }, { isVerified: false }],
  });
});
