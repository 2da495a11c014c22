import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

/** A listener whose queue is full and who sleeps: Linux drops what else wants to connect, as a firewall does. */
export async function openBlackHole(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const script = `require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
    process.stdout.write(String(this.address().port));
    process.kill(process.pid, "SIGSTOP");
  })`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  const fillers = Array.from({ length: 4 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const filler of fillers) filler.destroy();
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}
