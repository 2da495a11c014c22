import { test } from "tap";
import { formatMailHtml } from "../../lib/notify/mail-html.ts";

const format = (...parts: Parameters<typeof formatMailHtml>[0]["parts"]): string =>
  formatMailHtml({ subject: "a <b> & \"c\" 'd'", parts }, "0123456789abcdef");

test("the subject is the title, the reference the end", async (t) => {
  const html = format();
  t.match(html, "<title>a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</title>");
  t.match(html, /<h1 [^>]*>a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;<\/h1>/);
  t.match(html, /<p [^>]*>stalewatch ref 0123456789abcdef<\/p>\n<\/body><\/html>\n$/);
});

const cases = [
  {
    name: "text keeps its lines",
    part: { kind: "text", text: "one <i>\r\ntwo\u0007" },
    want: "<p>one &lt;i&gt;<br>\ntwo\ufffd</p>",
  },
  {
    name: "facts are rows of one line",
    part: { kind: "facts", facts: [["<k>", "v\n&"]] },
    want: /<table [^>]*>\n<tr><th [^>]*>&lt;k&gt;<\/th><td [^>]*>v\ufffd&amp;<\/td><\/tr>\n<\/table>/,
  },
  {
    name: "commands can be copied",
    part: { kind: "commands", lines: ["aws 'a' && b", "c > d"] },
    want: />aws &#39;a&#39; &amp;&amp; b\nc &gt; d<\/pre>/,
  },
  {
    name: "a link shows where it leads",
    part: { kind: "link", label: "OPS <17>", url: "https://jira.example.com/x?a=1&b='" },
    want: '<p><a href="https://jira.example.com/x?a=1&amp;b=%27">OPS &lt;17&gt;</a>: https://jira.example.com/x?a=1&amp;b=%27</p>',
  },
  {
    name: "what a browser would run is no link",
    part: { kind: "link", label: "x", url: "javascript:alert(1)" },
    want: "<p>x: javascript:alert(1)</p>",
  },
  {
    name: "an address with a name that poses as the host is no link",
    part: { kind: "link", label: "x", url: "https://good.example@evil.example/" },
    want: "<p>x: https://good.example@evil.example/</p>",
  },
] as const;

for (const { name, part, want } of cases) test(name, async (t) => t.match(format(part), want));

test("nothing is loaded from anywhere", async (t) => {
  const html = format({ kind: "text", text: '<img src="https://evil.example/a.gif">' });
  t.notMatch(html, /<(img|script|link|iframe|style|object|embed|video|audio)|url\(|\bsrc="/i);
});
