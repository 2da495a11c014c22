// A login waits for `dirtymark send`, so that nothing else is loaded for it.
if (process.argv[2] === "send") void import("../lib/dirtymark/send/main.ts").then(({ runSend }) => runSend());
else
  void import("../lib/runtime/run-executable.ts").then(({ runExecutable }) =>
    runExecutable("dirtymark", () => import("../lib/dirtymark/main.ts")),
  );
