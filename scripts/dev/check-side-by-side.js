// Runs its arguments as commands, all at once: none of them keeps two cores busy. What one says is printed in one piece.
import { spawn } from "node:child_process";

const run = (command) =>
  new Promise((resolve, reject) => {
    const said = [];
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
    child.once("error", reject).once("close", (code, signal) => {
      process.stdout.write(Buffer.concat(said));
      resolve({ command, ended: code ?? signal });
    });
  });

const failed = (await Promise.all(process.argv.slice(2).map(run))).filter(({ ended }) => ended !== 0);
for (const { command, ended } of failed) process.stderr.write(`failed: ${command} (${ended})\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
