import type { Main } from "../runtime/frame.ts";

export const main: Main = async (frame) => {
  const { serveDemo } = await import("../demo/serve.ts");
  await serveDemo({ port: 5000 }, (text) => frame.stdout.write(text), frame.stop);
  return 0;
};
