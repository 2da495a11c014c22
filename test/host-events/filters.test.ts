import { test } from "tap";
import { describeRule, type FilteredEvent, type FilterRule, judgeEvent } from "../../lib/host-events/filters.ts";

const event: FilteredEvent = {
  ...{ accountId: "111122223333", region: "eu-west-1", name: "ssm_start_session", source: "cloudtrail" },
  ...{ id: undefined, at: 0, principal: "arn:aws:sts::111122223333:assumed-role/Admin/ada", address: undefined },
};

const marked = (level: string, annotations = {}) => ({ is: "marked", level, annotations });
const dropped = (rule: string, by = "filter") => ({ is: "dropped", by, rule });

interface Case {
  readonly name: string;
  readonly event?: object;
  readonly rules?: readonly FilterRule[];
  readonly robots?: readonly string[];
  readonly want: object;
}

const cases: readonly Case[] = [
  { name: "ssh is high", event: { name: "ssh" }, want: marked("high") },
  { name: "anything else is critical", want: marked("critical") },
  { name: "a name that only begins so is critical", event: { name: "ssh2" }, want: marked("critical") },
  { name: "a level by event", rules: [{ event: "ssm_*", level: "low" }], want: marked("low") },
  { name: "a level of every event", rules: [{ level: "medium" }], want: marked("medium") },
  { name: "no level for others", rules: [{ event: "ssh", level: "low" }], want: marked("critical") },
  { name: "by source", rules: [{ source: "cloud*", level: "low" }], want: marked("low") },
  { name: "by another source", rules: [{ source: "host", level: "low" }], want: marked("critical") },
  { name: "by account", rules: [{ account: "1111*", level: "low" }], want: marked("low") },
  { name: "by another account", rules: [{ account: "2222*", level: "low" }], want: marked("critical") },
  { name: "by region", rules: [{ region: "eu-*", level: "low" }], want: marked("low") },
  { name: "by another region", rules: [{ region: "us-*", level: "low" }], want: marked("critical") },
  { name: "by principal", rules: [{ principal: "*/Admin/*", level: "low" }], want: marked("low") },
  { name: "by another principal", rules: [{ principal: "*/Dev/*", level: "low" }], want: marked("critical") },
  {
    name: "nobody is no principal",
    event: { principal: undefined },
    rules: [{ principal: "*", level: "low" }],
    want: marked("critical"),
  },
  { name: "all that is asked", rules: [{ event: "ssm_*", region: "us-*", level: "low" }], want: marked("critical") },
  { name: "the last level holds", rules: [{ level: "low" }, { level: "medium" }], want: marked("medium") },
  {
    name: "notes add up, the last of a name holds",
    rules: [{ annotate: { team: "a", why: "x" } }, { annotate: { team: "b" } }],
    want: marked("critical", { team: "b", why: "x" }),
  },
  {
    name: "one that drops ends it",
    rules: [{ level: "low" }, { event: "ssm_*", account: "1*", drop: true }, { level: "high" }],
    want: dropped("event=ssm_* account=1*"),
  },
  { name: "one for others drops nothing", rules: [{ event: "ssh", drop: true }], want: marked("critical") },
  {
    name: "automation marks nothing",
    robots: ["x", "*:assumed-role/Admin/*"],
    want: dropped("*:assumed-role/Admin/*", "automation"),
  },
  { name: "automation comes first", robots: ["*"], rules: [{ drop: true }], want: dropped("*", "automation") },
  { name: "nobody is no automation", event: { principal: undefined }, robots: ["*"], want: marked("critical") },
];

for (const { name, event: changes = {}, rules = [], robots = [], want } of cases) {
  test(name, async (t) =>
    t.strictSame(judgeEvent({ ...event, ...changes }, { rules, automationPrincipals: robots }), want),
  );
}

test("a note of any name is a note", async (t) => {
  const annotate = JSON.parse('{"__proto__":"x"}');
  const judged = judgeEvent(event, { rules: [{ annotate }], automationPrincipals: [] });
  t.strictSame(judged.is === "marked" ? Object.entries(judged.annotations) : [], [["__proto__", "x"]]);
});

test("a rule is called by what it asks", async (t) => {
  t.equal(
    describeRule({ principal: "ada", event: "ssh", level: "low", source: "host", account: "1*", region: "eu-*" }),
    "event=ssh source=host account=1* region=eu-* principal=ada",
  );
  t.equal(describeRule({ drop: true }), "every event");
});
