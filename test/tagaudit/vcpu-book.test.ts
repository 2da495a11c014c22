import { test } from "tap";
import { openVcpuBook } from "../../lib/tagaudit/vcpu-book.ts";
import { anInstance } from "../support/tagaudit-records.ts";

const pageOf = (...types: readonly string[]) => types.map((type) => anInstance({ type }));

/** Answers when it is let. */
function openReads() {
  const asked: (readonly string[])[] = [];
  const answers: (() => void)[] = [];
  const refusals: ((thrown: unknown) => void)[] = [];
  const describeInstanceTypes = (types: readonly string[]) =>
    new Promise<ReadonlyMap<string, number>>((resolve, reject) => {
      asked.push(types);
      answers.push(() => resolve(new Map(types.map((type) => [type, 2]))));
      refusals.push(reject);
    });
  return {
    asked,
    reads: { describeInstanceTypes },
    answer: () => answers.shift()?.(),
    refuse: (thrown: unknown) => refusals.shift()?.(thrown),
  };
}

test("two regions that meet the same type at once wait for one answer", async (t) => {
  const { asked, reads, answer } = openReads();
  const book = openVcpuBook(() => undefined);
  const learning = [book.learn(pageOf("m5.large"), reads), book.learn(pageOf("m5.large", "m5.large"), reads)];
  t.equal(book.vcpusOf("m5.large"), undefined);
  answer();
  await learning[1];
  t.equal(book.vcpusOf("m5.large"), 2);
  await Promise.all(learning);
  await book.learn(pageOf("m5.large"), reads);
  t.strictSame(asked, [["m5.large"]]);
});

test("a look-up that fails is told, and tried again with the next page", async (t) => {
  const { asked, reads, answer, refuse } = openReads();
  const told: string[] = [];
  const book = openVcpuBook((message) => told.push(message));
  const learning = book.learn(pageOf("m5.large"), reads);
  refuse(new Error("denied"));
  await learning;
  t.strictSame([told, book.vcpusOf("m5.large")], [["vCPUs of instance types are not known: denied"], undefined]);
  const again = book.learn(pageOf("m5.large"), reads);
  answer();
  answer();
  await again;
  t.equal(book.vcpusOf("m5.large"), 2);
  t.equal(asked.length, 2);
});
