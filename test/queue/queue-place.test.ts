import { test } from "tap";
import { placeQueue } from "../../lib/queue/queue-place.ts";

const path = "/111122223333/skunky.fifo";
const cases = [
  { given: "skunky", name: "skunky" },
  { given: "https", name: "https" },
  { given: "http://", name: "http://" },
  { given: `https://sqs.eu-west-1.amazonaws.com${path}`, region: "eu-west-1" },
  { given: `https://sqs.cn-north-1.amazonaws.com.cn${path}`, region: "cn-north-1" },
  { given: `https://sqs.eusc-de-east-1.amazonaws.eu${path}`, region: "eusc-de-east-1" },
  {
    given: `https://vpce-0a-1b.sqs.eusc-de-east-1.vpce.amazonaws.eu${path}`,
    ...{ region: "eusc-de-east-1", endpoint: "https://vpce-0a-1b.sqs.eusc-de-east-1.vpce.amazonaws.eu" },
  },
  { given: `https://sqs-fips.us-east-2.amazonaws.com${path}`, region: "us-east-2" },
  { given: `https://sqs.eu-west-1.api.aws${path}`, region: "eu-west-1" },
  { given: `https://eu-west-3.queue.amazonaws.com${path}`, region: "eu-west-3" },
  { given: `https://queue.amazonaws.com${path}`, region: "us-east-1" },
  {
    given: `https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com${path}`,
    ...{ region: "eu-west-1", endpoint: "https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com" },
  },
  {
    given: `https://eu-west-3.queue.amazonaws.com.example${path}`,
    endpoint: "https://eu-west-3.queue.amazonaws.com.example",
  },
  {
    given: `https://example.eu-west-3.queue.amazonaws.com${path}`,
    endpoint: "https://example.eu-west-3.queue.amazonaws.com",
  },
  { given: `https://xsqs.eu-west-1.amazonaws.com${path}`, endpoint: "https://xsqs.eu-west-1.amazonaws.com" },
  {
    given: `https://x.sqs.eu-west-1.vpce.amazonaws.com.example${path}`,
    endpoint: "https://x.sqs.eu-west-1.vpce.amazonaws.com.example",
  },
  { given: `http://127.0.0.1:4566${path}`, endpoint: "http://127.0.0.1:4566" },
  {
    given: `https://sqs.eu-west-1.amazonaws.com.example${path}`,
    endpoint: "https://sqs.eu-west-1.amazonaws.com.example",
  },
];

for (const { given, name = "skunky.fifo", region, endpoint } of cases)
  test(`a queue given as ${given}`, async (t) => {
    const url = name === given ? undefined : given;
    t.strictSame(placeQueue(given), { name, url, region, endpoint });
  });
