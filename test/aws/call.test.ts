import { test } from "tap";
import { call } from "../../lib/aws/call.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { openDeadline, openStop } from "../../lib/runtime/stop.ts";

const never = () => new Promise<never>(() => {});

test("an answer is handed on", async (t) => {
  t.equal(await call("iam:ListUsers", openStop().signal, async () => "answer"), "answer");
});

test("a failure is classified and names the action", async (t) => {
  const denied = Object.assign(new Error("User: x is not\nauthorized"), { name: "AccessDenied" });
  await t.rejects(
    call("iam:ListUsers", openStop().signal, () => Promise.reject(denied)),
    {
      code: "denied",
      message: "iam:ListUsers: User: x is not authorized",
      cause: denied,
    },
  );
});

test("a failure of a call within is that call's", async (t) => {
  const assume = () => Promise.reject(new OpsError("throttled", 'sts:AssumeRole of "x": Rate exceeded'));
  await t.rejects(call("ec2:CreateTags", openStop().signal, assume), {
    code: "throttled",
    message: 'ec2:CreateTags: sts:AssumeRole of "x": Rate exceeded',
  });
});

test("a refused connection to several addresses is told by its first", async (t) => {
  const refused = new AggregateError([
    new Error("connect ECONNREFUSED ::1:1"),
    new Error("connect ECONNREFUSED 127.0.0.1:1"),
  ]);
  await t.rejects(
    call("iam:ListUsers", openStop().signal, () => Promise.reject(Object.assign(refused, { code: "ECONNREFUSED" }))),
    {
      code: "unreachable",
      message: "iam:ListUsers: connect ECONNREFUSED ::1:1",
    },
  );
});

for (const words of ["", "UnknownError"]) {
  test(`an error without words is told by its name, also where the SDK says "${words}"`, async (t) => {
    const silent = Object.assign(new Error(words), { name: "Teapot" });
    await t.rejects(
      call("iam:ListUsers", openStop().signal, () => Promise.reject(silent)),
      { message: "iam:ListUsers: Teapot" },
    );
  });
}

const secrets = [
  {
    name: "AWS's own words on a wrong signature, which quote the request",
    thrown: Object.assign(new Error("The Canonical String should have been 'x-amz-security-token:FwoG...'"), {
      name: "SignatureDoesNotMatch",
    }),
    want: "iam:ListUsers: the secret access key does not fit its id (SignatureDoesNotMatch)",
  },
  {
    name: "a command's words, which quote its arguments",
    thrown: Object.assign(new Error("Command failed: vault read --token s3cr3t"), { name: "CredentialsProviderError" }),
    want: "iam:ListUsers: the profile's credential_process failed",
  },
];

for (const { name, thrown, want } of secrets) {
  test(`${name} are not repeated`, async (t) => {
    await t.rejects(
      call("iam:ListUsers", openStop().signal, () => Promise.reject(thrown)),
      { message: want },
    );
  });
}

test("a call that never answers ends with the stop, whose cause it names", async (t) => {
  const stop = openStop();
  const pending = call("iam:ListUsers", stop.signal, never);
  stop.stop("SIGTERM");
  await t.rejects(pending, { code: "stopped", message: "iam:ListUsers: stopped by SIGTERM" });
});

test("nothing is sent once stopped", async (t) => {
  const stop = openStop();
  stop.stop("SIGTERM");
  await t.rejects(
    call("iam:ListUsers", stop.signal, async () => t.fail("sent")),
    { code: "stopped" },
  );
});

test("a deadline stops by itself and says so", async (t) => {
  const deadline = openDeadline(openStop().signal, 20);
  await t.rejects(call("iam:ListUsers", deadline.signal, never), {
    message: "iam:ListUsers: stopped by the deadline of 0.02 s",
  });
  deadline.release();
});

test("a deadline follows the outer stop, also one that came before", async (t) => {
  const outer = openStop();
  const early = openDeadline(outer.signal, 60_000);
  outer.stop("SIGINT");
  const late = openDeadline(outer.signal, 60_000);
  for (const { signal, release } of [early, late]) {
    t.match(signal.reason, { message: "SIGINT" });
    release();
  }
});
