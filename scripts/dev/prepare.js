// Runs at `npm ci`. Without its development dependencies, as in an image, the package brings its built files along.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

if (existsSync("node_modules/rolldown")) execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
