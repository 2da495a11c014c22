import type { InstanceFields } from "./instance-fields.ts";
import { branch, type Element, leaf, walkElements, type XmlEvents } from "./walk-elements.ts";

export interface InstanceFieldsPage {
  readonly instances: readonly InstanceFields[];
  readonly nextToken: string | undefined;
}

export interface InstanceGatherer extends XmlEvents {
  /** Undefined unless the document has a list of reservations, be it an empty one: no answer to DescribeInstances is without. */
  page(): InstanceFieldsPage | undefined;
}

type Draft = { -readonly [Name in keyof InstanceFields]: InstanceFields[Name] };

/** Gathers the fields in use from an answer to DescribeInstances (EC2 API reference, Instance). */
export function gatherInstances(): InstanceGatherer {
  const page: { instances: InstanceFields[]; nextToken: string | undefined } = { instances: [], nextToken: undefined };
  const keep = keepOnce();
  let isListed = false;
  let draft: Draft = { tags: new Map() };
  const field = (name: Exclude<keyof InstanceFields, "tags">) =>
    leaf((text) => {
      draft[name] = keep(text);
    });
  const instance = branch(
    {
      instanceId: field("instanceId"),
      instanceState: branch({ name: field("state") }),
      instanceType: field("instanceType"),
      launchTime: field("launchTime"),
      placement: branch({ availabilityZone: field("zone") }),
      vpcId: field("vpcId"),
      ipAddress: field("publicAddress"),
      instanceLifecycle: field("lifecycle"),
      spotInstanceRequestId: field("spotRequestId"),
      rootDeviceType: field("rootDeviceType"),
      operator: branch({ managed: field("managed"), principal: field("principal") }),
      tagSet: branch({ item: tagElement(keep, (key, value) => draft.tags.set(key, value)) }),
    },
    {
      onOpen() {
        draft = { tags: new Map() };
      },
      onClose() {
        page.instances.push(draft);
      },
    },
  );
  const reservation = branch({ instancesSet: branch({ item: instance }) });
  const reservations = branch(
    { item: reservation },
    {
      onOpen() {
        isListed = true;
      },
    },
  );
  const nextToken = leaf((text) => {
    page.nextToken = text;
  });
  const events = walkElements(branch({ reservationSet: reservations, nextToken }));
  return { ...events, page: () => (isListed ? page : undefined) };
}

/** A tag without a value has an empty one; one without a key is none. */
function tagElement(keep: (text: string) => string, add: (key: string, value: string) => void): Element {
  let key: string | undefined;
  let value = "";
  return branch(
    {
      key: leaf((text) => {
        key = keep(text);
      }),
      value: leaf((text) => {
        value = keep(text);
      }),
    },
    {
      onOpen() {
        key = undefined;
        value = "";
      },
      onClose() {
        if (key !== undefined) add(key, value);
      },
    },
  );
}

/**
 * The same text once, and apart from the document: a piece of a long string keeps all of that string in memory, so that
 * a thousand kept records would hold on to the four megabytes they were in.
 */
function keepOnce(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const found = kept.get(text);
    if (found !== undefined) return found;
    const copy = Buffer.from(text).toString();
    kept.set(copy, copy);
    return copy;
  };
}
