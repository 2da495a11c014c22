import fc from "fast-check";
import { test } from "tap";
import { scanXml } from "../../lib/aws/read/scan-xml.ts";
import { instanceDocument } from "../support/instance-documents.ts";

/** What a document is found to be made of, its text put together. */
function scan(...pieces: readonly string[]) {
  const found: string[] = [];
  let text = "";
  const note = (event: string) => {
    if (text !== "") found.push(JSON.stringify(text));
    text = "";
    found.push(event);
  };
  let depth = 0;
  const scanner = scanXml({
    open(name) {
      depth += 1;
      note(name);
    },
    wantsText: () => depth > 0,
    text(piece) {
      text += piece;
    },
    close() {
      depth -= 1;
      note("/");
    },
  });
  for (const piece of pieces) scanner.write(piece);
  return { found: found.join(" "), isWhole: scanner.isWhole(), outermost: scanner.outermost() };
}

const taken = [
  { name: "elements and text", xml: "<a><b>1</b><c>2</c></a>", want: 'a b "1" / c "2" / /' },
  { name: "empty elements", xml: "<a><b/><c /><d></d></a>", want: "a b / c / d / /" },
  { name: "blanks as they are", xml: "<a> <b>\n\t</b></a>", want: 'a " " b "\\n\\t" / /' },
  { name: "blanks in tags", xml: "<a ><b\n/></a\n>", want: "a b / /" },
  { name: "attributes, which are left out", xml: `<a x="1" y = '&lt;"'><b z="/"/></a>`, want: "a b / /" },
  { name: "the five entities", xml: "<a>&amp;&lt;&gt;&quot;&apos;</a>", want: `a "&<>\\"'" /` },
  { name: "references", xml: "<a>&#233;&#xe9;&#x1F98A;&#13;&#10;</a>", want: 'a "éé🦊\\r\\n" /' },
  { name: "half characters by reference", xml: "<a>&#xD83E;&#xDD8A;</a>", want: 'a "🦊" /' },
  { name: "an escaped escape once", xml: "<a>&amp;lt;</a>", want: 'a "&lt;" /' },
  { name: "one kind of line's end", xml: "<a>1\r\n2\r3\n4<![CDATA[\r\n]]></a>", want: 'a "1\\n2\\n3\\n4\\n" /' },
  { name: "CDATA", xml: "<a>1<![CDATA[<b>&amp;]]]>2</a>", want: 'a "1<b>&amp;]2" /' },
  { name: "empty CDATA", xml: "<a><![CDATA[]]></a>", want: "a /" },
  { name: "comments, left out", xml: "<!-- <x> --><a>1<!-- > -- <b> -->2</a><!---->", want: 'a "12" /' },
  { name: "instructions, left out", xml: '<?xml version="1.0"?>\n<a><?b > ?></a>\n', want: "a /" },
  { name: "a byte order mark", xml: "\ufeff<a/>", want: "a /" },
  { name: "brackets in text", xml: "<a>]]> > ] \" '</a>", want: 'a "]]> > ] \\" \'" /' },
  { name: "control characters", xml: "<a>\u0001&#2;</a>", want: 'a "\\u0001\\u0002" /' },
  { name: "names as XML has them", xml: "<a:b><_c-d.e1/><é/></a:b>", want: "a:b _c-d.e1 / é / /" },
];

for (const { name, xml, want } of taken) {
  test(`takes ${name}`, async (t) => {
    const { found, isWhole } = scan(xml);
    t.equal(found, want);
    t.ok(isWhole);
    t.strictSame(scan(...xml).found, want, "also sign by sign");
  });
}

const refused = [
  { name: "tags that don't match", xml: "<a><b></a></b>", want: /closes "b" with "a"/ },
  { name: "an end without a start", xml: "<a/></a>", want: /closes "undefined" with "a"/ },
  { name: "two outermost elements", xml: "<a/><b/>", want: /two outermost elements/ },
  { name: "text before the first element", xml: "sorry<a/>", want: /text outside/ },
  { name: "text after the last", xml: "<a/>sorry<!---->", want: /text outside/ },
  { name: "CDATA after the last", xml: "<a/><![CDATA[sorry]]>", want: /text outside/ },
  { name: "a document type", xml: "<!DOCTYPE html><a/>", want: /document type/ },
  { name: "an unheard entity", xml: "<a>&nbsp;</a>", want: /reference "&"/ },
  { name: "a bare ampersand", xml: "<a>a & b</a>", want: /reference "&"/ },
  { name: "a reference beyond Unicode", xml: "<a>&#x110000;</a>", want: /reference "&#x110000;"/ },
  { name: "a tag without a name", xml: "<a>< b></a>", want: /the tag " b"/ },
  { name: "nothing in a tag", xml: "<>", want: /the tag ""/ },
  { name: "a tag cut short by its own attribute", xml: '<a x="1>2"/>', want: /the tag "a x="1"/ },
  { name: "an attribute without quotes", xml: "<a x=1/>", want: /the tag "a x=1"/ },
  { name: "a tag inside a tag", xml: "<a <b></a>", want: /the tag "a <b"/ },
];

for (const { name, xml, want } of refused) {
  test(`refuses ${name}`, async (t) => {
    t.throws(() => scan(xml), { name: "UnreadableXml", message: want });
    t.throws(() => scan(...xml), { name: "UnreadableXml" }, "also sign by sign");
  });
}

test("a document is whole at its last sign, and not before", async (t) => {
  const xml = '<?xml version="1.0"?><a><b>1</b><!-- c --><![CDATA[d]]></a>';
  for (let length = 0; length < xml.length; length += 1)
    t.notOk(scan(xml.slice(0, length)).isWhole, xml.slice(0, length));
  t.ok(scan(xml).isWhole);
  t.notOk(scan(`${xml}<`).isWhole);
});

test("the outermost element is known from its start", async (t) => {
  t.equal(scan("<?xml?><!-- --> <htm").outermost, undefined);
  t.equal(scan("<html><body>").outermost, "html");
});

test("where a document is cut does not matter", async (t) => {
  fc.assert(
    fc.property(instanceDocument, fc.array(fc.nat(), { maxLength: 12 }), (xml, cuts) => {
      const edges = [0, ...cuts.map((cut) => cut % xml.length).toSorted((a, b) => a - b), xml.length];
      const pieces = edges.slice(1).map((edge, index) => xml.slice(edges[index], edge));
      t.strictSame(scan(...pieces), scan(xml));
    }),
    { numRuns: 100 },
  );
});
