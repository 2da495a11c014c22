import t, { type Test } from "tap";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { refusalsOf } from "../support/acting.ts";
import { idOf, openAuditWorld, tagged, untagged, watched } from "../support/audit-world.ts";
import { startFakeElasticsearch } from "../support/fake-elasticsearch.ts";
import { startMailSink } from "../support/mail-sink.ts";
import { pointsOf, statusOf } from "../support/run-executable.ts";

t.jobs = 3;
t.setTimeout(minutes(2));
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const stopped = { state: "stopped" } as const;
/** Of notices, so that what is stopped and terminated is seen alone. */
const quiet = { max_notices: 0 } as const;

scenario("Elasticsearch down: nothing is terminated, and what was kept is delivered by the next run", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [untagged("a"), untagged("b", stopped), tagged("c")])],
    run: { deadline: "10s" },
    tagaudit: quiet,
  });
  const { elasticsearch } = world;
  await world.tell(["a", "b"], days(30));
  const kinds = () => [...elasticsearch.documents.values()].map(({ doc_type }) => doc_type).toSorted();
  const gone = await startFakeElasticsearch();
  await gone.close();
  const down = await world.run({ run: { elasticsearch_url: gone.url } });
  t.equal(down.exitCode, 0);
  t.match(statusOf(down), {
    ok: true,
    partial: true,
    last_error: /^documents: \d could not be delivered, kept for the next run: /,
  });
  t.match(refusalsOf(down), { documents: 2 });
  t.match(down.stderr.join("\n"), /refused by documents: \d could not be delivered, kept for the next run/);
  t.match(
    pointsOf(down, "tagaudit_region"),
    [{ fields: { violators: 2, stopped: 0, terminated: 0 } }],
    "told all the same",
  );
  t.strictSame([world.aws.writes(), world.states("a", "b"), kinds()], [[], ["running", "stopped"], []]);

  const up = await world.run();
  t.match(statusOf(up), { ok: true, partial: false });
  t.strictSame(kinds(), ["aws_tag_audit", "aws_tag_audit", ...Array(4).fill("aws_tag_violator")], "of both runs");
  t.strictSame(world.states("a", "b"), ["stopped", "terminated"]);
  const sent = () => elasticsearch.bulks.reduce((sum, { documents }) => sum + documents, 0);
  const before = sent();
  await world.run();
  t.equal(sent() - before, 2, "those of a third run, and no others again");
  t.strictSame(elasticsearch.violations, []);
});

scenario(
  "a document that Elasticsearch refuses: said and kept, the others stored, nothing terminated in that run",
  async (t) => {
    const world = await openAuditWorld(t, {
      regions: [watched("eu-west-1", [untagged("a"), untagged("b", stopped)])],
      tagaudit: quiet,
    });
    const { elasticsearch } = world;
    await world.tell(["a", "b"], days(30));
    const fault = { status: 400, type: "document_parsing_exception", reason: "no such field" };
    // Ids begin with the run's.
    elasticsearch.itemFaults.get = (id) => (id.endsWith(idOf("b")) ? fault : undefined);
    const run = await world.run();
    t.match(statusOf(run), { ok: true, partial: true, last_error: /^documents: refused: .*no such field/ });
    t.match(
      run.stderr.join("\n"),
      /W! .*1 document was refused for good, such as ".*:eu-west-1:i-0+b": .*no such field/,
    );
    t.match(refusalsOf(run), { documents: 2 });
    t.equal(elasticsearch.documents.size, 2);
    t.strictSame(world.aws.writes(), []);
  },
);

scenario("the daily report: once a day to a channel and by mail, with every owner and the next step", async (t) => {
  const mail = await startMailSink();
  t.teardown(() => mail.close());
  const world = await openAuditWorld(t, {
    regions: [
      watched("eu-west-1", [untagged("a"), untagged("b", { tags: { created_by: "bea", Name: "<b>build</b>" } })]),
    ],
    slack: { channels: [{ id: "C0OPS", name: "ops" }] },
    run: { calendar: { time_zone: "UTC" } },
    tagaudit: {
      ...{ daily_report: true, report_channel: "C0OPS", max_notices: 100 },
      ...{ smtp_host: "127.0.0.1", smtp_port: mail.port, smtp_tls: "none", mail_from: "ops@example.com" },
      mail_to: ["team@example.com", "boss@example.com"],
    },
  });
  const reports = () => world.slack.posts.filter(({ channel }) => channel === "C0OPS");
  await world.run();
  t.strictSame([reports(), mail.mails], [[], []], "nothing is in violation yet");
  await world.pass(minutes(6));
  const run = await world.run();
  t.match(statusOf(run), { failed: 0 });
  const today = new Date().toISOString().slice(0, 10);
  const subject = `tagaudit: 2 instances in violation in acme, ${today}`;
  t.match(reports(), [{ text: subject }]);
  t.strictSame(mail.mails.map(({ to, from, subject }) => [...to, from, subject]).toSorted(), [
    ["boss@example.com", "ops@example.com", subject],
    ["team@example.com", "ops@example.com", subject],
  ]);
  const [letter] = mail.mails;
  for (const part of ["ada", "bea", idOf("a"), idOf("b"), 'tag "department" is missing', "<b>build</b>"])
    t.ok(letter?.text.includes(part), part);
  t.ok(letter?.html.includes("&lt;b&gt;build&lt;/b&gt;"));
  t.notOk(letter?.html.includes("<b>build"));
  await world.run();
  t.strictSame([reports().length, mail.mails.length], [1, 2], "once a day");
  await world.pass(hours(24));
  await world.run();
  t.strictSame([reports().length, mail.mails.length], [1, 2], "a day by its name, whatever the journal's age");
  t.strictSame([world.slack.violations, world.aws.writes()], [[], []]);
});

t.end();
