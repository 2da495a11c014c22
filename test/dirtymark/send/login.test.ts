import { test } from "tap";
import { isLogin, readLogin } from "../../../lib/dirtymark/send/login.ts";

const types = [
  { name: "a session that opens", type: "open_session", want: true },
  { name: "a session that closes", type: "close_session", want: false },
  { name: "an authentication, which may still fail", type: "auth", want: false },
  { name: "a type that PAM does not have", type: "open_session\n", want: false },
  { name: "no PAM at all", type: undefined, want: true },
  { name: "an empty variable", type: "", want: true },
];

test("what is a login:", async (t) => {
  for (const { name, type, want } of types) t.equal(isLogin({ PAM_TYPE: type }), want, name);
});

const services = [
  { name: "sshd is what filters know as ssh", service: "sshd", want: "ssh" },
  { name: "another service keeps its name", service: "su-l", want: "su-l" },
  { name: "its letter case, too", service: "LightDM", want: "LightDM" },
  { name: "nobody said", service: undefined, want: "ssh" },
  { name: "nothing was said", service: " ", want: "ssh" },
  { name: "what no event may be called is replaced", service: "my service/\n2", want: "my_service_2" },
  { name: "a name that begins as none may", service: "-login", want: "ssh" },
  { name: "as long as may be", service: "s".repeat(64), want: "s".repeat(64) },
  { name: "one longer is cut", service: "s".repeat(65), want: "s".repeat(64) },
  { name: "an option beats it", service: "su", event: "root", want: "root" },
];

test("what a login is called:", async (t) => {
  for (const { name, service, event, want } of services)
    t.equal(readLogin({ PAM_SERVICE: service }, event).event, want, name);
});

test("who came from where is told as PAM says it, unless it says nothing", async (t) => {
  t.same(readLogin({ PAM_USER: "ada\n", PAM_RHOST: "192.0.2.1" }, undefined), {
    ...{ event: "ssh", user: "ada\n", sourceAddress: "192.0.2.1" },
  });
  t.same(readLogin({ PAM_USER: "", PAM_RHOST: " " }, undefined), {
    ...{ event: "ssh", user: undefined, sourceAddress: undefined },
  });
});
