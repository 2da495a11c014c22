import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext, Script } from "node:vm";
import fc from "fast-check";
import { parseAst } from "rolldown/parseAst";
import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { compileWithFile } from "../../scripts/dev/eager-functions/rewrite.js";
import { keycheckPath, pointsOf, runKeycheck } from "../support/run-executable.ts";

const aws = await startOfflineAws({
  scenario: anOrganization({ accounts: [anAccount({ users: [aUser({ name: "ada", keys: [aKey()] })] })] }),
});
after(() => aws.close());

/** Code in which a `@` stands before each function that is called. */
function readMarked(marked: string) {
  const parts = marked.split("@");
  const offsets = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("").length);
  return { code: parts.join(""), offsets: new Set(offsets) };
}

const rewrite = (marked: string): string => {
  const { code, offsets } = readMarked(marked);
  return compileWithFile(code, offsets);
};

const rewritten = [
  {
    name: "a function expression",
    marked: "const f=@function(a){return a};",
    written: "const f=(function(a){return a});",
  },
  {
    name: "one that is an argument",
    marked: "call(@function(){},@async function*(){})",
    written: "call((function(){}),(async function*(){}))",
  },
  { name: "one that is called at once", marked: "(@function(){})();", written: "((function(){}))();" },
  { name: "an arrow function", marked: "const f=@a=>a+1;", written: "const f=(function(a){return a+1});" },
  { name: "with a block", marked: "const f=@(a,b)=>{g(a)};", written: "const f=(function(a,b){g(a)});" },
  { name: "an asynchronous one", marked: "f=@async a=>await a;", written: "f=(async function(a){return await a});" },
  { name: "one without parameters", marked: "f=@()=>1;", written: "f=(function(){return 1});" },
  { name: "one that gives an object", marked: "f=@(a)=>({a});", written: "f=(function(a){return {a}});" },
  { name: "one that gives a sequence", marked: "f=@()=>(g(),1);", written: "f=(function(){return g(),1});" },
  {
    name: "one whose parameters have patterns",
    marked: "f=@({a,b=1,...c},[d],...e)=>e;",
    written: "f=(function({a,b=1,...c},[d],...e){return e});",
  },
  {
    name: "one in another",
    marked: "f=@a=>@b=>c=>@d=>1;",
    written: "f=(function(a){return (function(b){return c=>(function(d){return 1})})});",
  },
  { name: "a strict one", marked: 'f=@a=>{"use strict";};', written: 'f=(function(a){"use strict";});' },
  {
    name: "one of this place, by what it says",
    marked: "function F(){return [@()=>this.a,@()=>arguments[0],@()=>new.target,@()=>eval(a),@(a=this)=>a]}",
    written: "function F(){return [(()=>this.a),(()=>arguments[0]),(()=>new.target),(()=>eval(a)),((a=this)=>a)]}",
  },
  {
    name: "one of this place, by what one in it says",
    marked: "f=@()=>()=>this.a;",
    written: "f=(()=>()=>this.a);",
  },
  {
    name: "one in which another function speaks of its own place",
    marked: "f=@()=>function(){return this};",
    written: "f=(function(){return function(){return this}});",
  },
  {
    name: "a method of an object",
    marked: "o={@m(a){return this.a},@async n(){},@*[k](){}};",
    written: "o={m:(function(a){return this.a}),n:(async function(){}),[k]:(function*(){})};",
  },
  {
    name: "a declaration",
    marked: "a();@function a(b){return b}const c=1;@async function d(){}",
    written: "var a=(function(b){return b}),d=(async function(){});a();;const c=1;;",
  },
  {
    name: "a declaration under a directive",
    marked: '"use strict";@function a(){}',
    written: '"use strict";var a=(function(){});;',
  },
  {
    name: "after letters that take two units",
    marked: "const s=`é→😀`;f=@a=>a;",
    written: "const s=`é→😀`;f=(function(a){return a});",
  },
];

test("functions that are called become expressions in parentheses", (t) => {
  for (const { name, marked, written } of rewritten) t.equal(rewrite(marked), written, name);
  t.end();
});

const left = [
  { name: "functions that are not called", marked: "function a(){}const b=()=>1,c=function(){},d={m(){}};" },
  { name: "methods of classes", marked: "class A{@m(){return 1}@static n(){}@get o(){return 1}@constructor(){}#p=1}" },
  { name: "what the parenthesis of a method's parameters begins", marked: "class A{m@(){return 1}}" },
  { name: "getters and setters", marked: "o={@get a(){return 1},@set a(b){}};" },
  { name: "methods that need their object", marked: "o={@m(){return super.m()}};" },
  { name: "a method that would become a prototype", marked: "o={@__proto__(){}};" },
  { name: "a declaration in a block", marked: "if(a){@function b(){}}" },
  { name: "a name that is declared twice", marked: "@function a(){return 1}@function a(){return 2}" },
  { name: "a name that a variable has, too", marked: "@function a(){}var a=1;" },
  { name: "an arrow function that a line break ends", marked: "f=@()=>{}\n(a)" },
  { name: "keys and values of one place", marked: "const {a,b=1,c:d=2}={a,b,c};" },
  {
    name: "all else",
    marked: "label:for(const[a,,b]of c){`x`;/[/]/.test(b)?b?.c??(d,e):new F(...g);continue label}",
  },
].map(({ name, marked }) => ({ name, ...readMarked(marked) }));

test("all else stays as it is", (t) => {
  for (const { name, code, offsets } of left) t.equal(compileWithFile(code, offsets), code, name);
  t.end();
});

/** Each says what it has come to by `say`. */
const programs = [
  "@function a(n){return n<2?1:n*a(n-1)}say(a(5),a.name,a.length);",
  "say(typeof a,a());@function a(){return b}var b=1;say(a());",
  "@function a(){return 1}a=@()=>2;say(a());",
  "const o={x:1,f:@()=>typeof this,@g(){return this.x},@async h(){}};say(o.f(),o.g(),o.g.name,o.h.name,o.f.name);",
  "@function f(){return [1].map(@a=>a+arguments.length)}say(f(1,2,3)[0]);",
  "class A{x=1;@f(){return [2].map(@a=>a+this.x)}}say(new A().f()[0]);",
  "const f=@({a=1,...b},[c]=[2],...d)=>[a,b.e,c,d.length];say(...f({e:3}),f.length);",
  "const f=@()=>@()=>({a:@b=>b});say(f()().a(4));",
  "@function*g(){yield* [1,2]}say(...g());",
  "try{(@()=>{throw new Error('x')})()}catch(e){say(e.message)}",
  "const f=@function me(n){return n?me(n-1):me.name};say(f(2));",
];

function outcomeOf(code: string): readonly unknown[] {
  const said: unknown[] = [];
  runInNewContext(code, { say: (...words: unknown[]) => said.push(...words) }, { timeout: 5_000 });
  return said;
}

test("a program does what it did, whichever of its functions are called", (t) => {
  const cases = programs.map(readMarked);
  fc.assert(
    fc.property(
      fc
        .constantFrom(...cases)
        .chain(({ code, offsets }) => fc.subarray([...offsets]).map((some) => ({ code, some: new Set(some) }))),
      ({ code, some }) => {
        t.strictSame(outcomeOf(compileWithFile(code, some)), outcomeOf(code), code);
      },
    ),
  );
  t.end();
});

/** Where V8's coverage would say that functions begin: methods with their names. */
function startsOf(code: string): ReadonlySet<number> {
  const starts = new Set<number>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, start } = node as { readonly type?: unknown; readonly start?: number };
    if (typeof type === "string" && start !== undefined && /Function|^Property$|Method/.test(type)) starts.add(start);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  return starts;
}

test("what is built does what it did with every one of its functions rewritten", async (t) => {
  const directory = t.testdir({});
  cpSync(dirname(keycheckPath), directory, { recursive: true });
  for (const name of readdirSync(`${directory}/chunks`)) {
    const path = `${directory}/chunks/${name}`;
    const code = readFileSync(path, "utf8");
    // Libraries that this run does not load.
    if (code.length > 200_000) continue;
    writeFileSync(path, compileWithFile(code, startsOf(code)));
    t.doesNotThrow(() => new Script(readFileSync(path, "utf8")), path);
  }
  const runs = [keycheckPath, `${directory}/keycheck.cjs`].map((path) => runKeycheck(aws, { path }));
  const [before, after] = (await Promise.all(runs)).map((run) => ({ ...run, keys: pointsOf(run, "iam") }));
  t.strictSame([after?.keys, after?.stderr, after?.exitCode], [before?.keys, [], 0]);
  t.equal(after?.keys.length, 1);
});

/** What V8's log of functions says of a run: https://v8.dev/docs/trace, by events `first-execution`, `interpreter` and so on. */
function readEvents(log: string) {
  const lines = readFileSync(log, "utf8").split("\n");
  const scripts = new Map(
    lines.flatMap((line) => {
      const [, id = "", path = ""] = /^script-details,(\d+),([^,]+)/.exec(line) ?? [];
      return path === "" ? [] : [[id, path] as const];
    }),
  );
  return lines.flatMap((line) => {
    const [, event = "", script = "", name = ""] = /^function,([\w-]+),(\d+),(?:[^,]*,){4}(.*)$/.exec(line) ?? [];
    return event === "" ? [] : [{ event, path: scripts.get(script) ?? "", name }];
  });
}

const logTo = (log: string) => ["--log-function-events", "--no-logfile-per-isolate", `--logfile=${log}`];

test("V8 compiles with its file what stands in parentheses, called or not", (t) => {
  const directory = t.testdir({});
  const path = `${directory}/file.cjs`;
  const log = `${directory}/v8.log`;
  writeFileSync(
    path,
    rewrite("@function early(){return 1}function late(){return 2}const alsoEarly=@a=>a;module.exports={late};"),
  );
  // Of what tap has every child load, a thread of its own would write to the same log.
  execFileSync("sh", ["-c", 'unset NODE_OPTIONS; exec "$0" "$@"', process.execPath, ...logTo(log), path]);
  const compiled = readEvents(log).filter((entry) => entry.path === path && entry.event === "interpreter");
  t.strictSame(new Set(compiled.map(({ name }) => name)), new Set(["", "early", "alsoEarly"]));
  t.end();
});

test("of what is built, a start compiles few functions one by one", async (t) => {
  const log = `${t.testdir({})}/v8.log`;
  const { exitCode } = await runKeycheck(aws, { shell: `exec "$0" ${logTo(log).join(" ")} "$@"` });
  t.equal(exitCode, 0);
  const chunks = join(dirname(keycheckPath), "chunks");
  const own = readEvents(log).filter(({ path }) => dirname(path) === chunks);
  const count = (wanted: string) => own.filter(({ event }) => event === wanted).length;
  t.ok(count("first-execution") > 500, `${count("first-execution")} functions were called`);
  t.ok(count("parse-function") < 500, `${count("parse-function")} of them were compiled one by one`);
});

end();
