/** Who and what a Slack workspace has, and how its methods answer, by Slack's documents. */
export interface FakePerson {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly is?: "deactivated" | "bot" | "invited";
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly is?: "archived" | "foreign";
}

/** As it was posted; `channel` is an id, a person's being that of their direct messages. */
export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly PostedBlock[];
  readonly metadata: unknown;
  /** Everything else that was asked for. */
  readonly options: Readonly<Record<string, string>>;
  readonly botId: string | undefined;
}

interface PostedText {
  readonly type: string;
  readonly text: string;
}

export interface PostedBlock {
  readonly type: string;
  readonly text?: PostedText;
  readonly fields?: readonly PostedText[];
  readonly elements?: readonly PostedText[];
}

export interface Workspace {
  readonly people: FakePerson[];
  readonly channels: FakeChannel[];
  readonly posts: PostedMessage[];
  /** In seconds. */
  clock(): number;
}

type Answer = Readonly<Record<string, unknown>>;
export type Form = ReadonlyMap<string, string>;

export const botId = "B0FAKEBOT";
const botUser = "U0FAKEBOT";
const refuse = (error: string): Answer => ({ ok: false, error });

export const directMessagesOf = (userId: string): string => `D${userId}`;

export const methods: Readonly<Record<string, (workspace: Workspace, form: Form) => Answer>> = {
  "auth.test": () => ({
    ...{ ok: true, url: "https://fake.slack.com/", team: "Fake", user: "stalewatch", team_id: "T0FAKE" },
    ...{ user_id: botUser, bot_id: botId, is_enterprise_install: false },
  }),

  "users.info": ({ people }, form) =>
    describe(people.find(({ id }) => id === form.get("user"))) ?? refuse("user_not_found"),

  // It does not find people who have left.
  "users.lookupByEmail": ({ people }, form) =>
    describe(people.find(({ email, is }) => email === form.get("email") && is !== "deactivated")) ??
    refuse("users_not_found"),

  "conversations.open": ({ people }, form) => {
    const person = people.find(({ id }) => id === form.get("users"));
    if (person === undefined) return refuse("user_not_found");
    if (person.is === "deactivated") return refuse("user_disabled");
    return { ok: true, no_op: true, already_open: true, channel: { id: directMessagesOf(person.id) } };
  },

  "chat.postMessage": (workspace, form) => {
    const channel = findChannel(workspace, form.get("channel") ?? "");
    if (channel === undefined) return refuse("channel_not_found");
    if (channel.is === "archived") return refuse("is_archived");
    if (channel.is === "foreign") return refuse("not_in_channel");
    const ts = `${Math.floor(workspace.clock())}.${String(workspace.posts.length + 1).padStart(6, "0")}`;
    const { channel: _, text = "", blocks = "[]", metadata = "null", ...options } = Object.fromEntries(form);
    const posted = { channel: channel.id, ts, text, blocks: JSON.parse(blocks), metadata: JSON.parse(metadata) };
    workspace.posts.push({ ...posted, options, botId });
    return { ok: true, channel: channel.id, ts, message: { type: "message", bot_id: botId, user: botUser, text, ts } };
  },

  "conversations.history": (workspace, form) => {
    // Unlike chat.postMessage it takes neither a name nor a person's id.
    const channel = form.get("channel") ?? "";
    const isDirect = channel.startsWith("D");
    const known = workspace.channels.find(({ id }) => id === channel);
    if (!isDirect && known === undefined) return refuse("channel_not_found");
    if (known?.is === "foreign") return refuse("not_in_channel");
    const oldest = Number(form.get("oldest") ?? 0);
    const newestFirst = workspace.posts
      .filter((post) => post.channel === channel && Number(post.ts) >= oldest)
      .reverse();
    const [from, limit] = [Number(form.get("cursor") ?? 0), Number(form.get("limit") ?? 100)];
    const page = newestFirst.slice(from, from + limit);
    const more = from + limit < newestFirst.length;
    return {
      ...{ ok: true, has_more: more, pin_count: 0, channel_actions_ts: null, channel_actions_count: 0 },
      messages: page.map((post) => showPost(post, form.get("include_all_metadata") === "true")),
      response_metadata: { next_cursor: more ? String(from + limit) : "" },
    };
  },
};

function describe(person: FakePerson | undefined): Answer | undefined {
  if (person === undefined) return undefined;
  const { id, name, email, is } = person;
  const user = {
    ...{ id, team_id: "T0FAKE", name: name.toLowerCase(), deleted: is === "deactivated", real_name: name },
    ...{ is_bot: is === "bot", is_restricted: false, updated: 1_700_000_000 },
    ...(is === "invited" ? { is_invited_user: true } : {}),
    profile: { real_name: name, display_name: "", ...(email === undefined ? {} : { email }) },
  };
  return { ok: true, user };
}

function findChannel({ people, channels }: Workspace, asked: string): FakeChannel | undefined {
  // A post to somebody who has left is answered with ok all the same.
  const person = people.find(({ id }) => id === asked);
  if (person !== undefined) return { id: directMessagesOf(person.id), name: person.name };
  return channels.find(({ id, name }) => id === asked || `#${name}` === asked);
}

const showPost = ({ text, ts, blocks, metadata, botId: bot }: PostedMessage, withMetadata: boolean): Answer => ({
  ...{ type: "message", user: bot === undefined ? "U0SOMEBODY" : botUser, text, ts, blocks },
  ...(bot === undefined ? {} : { bot_id: bot }),
  ...(withMetadata && metadata !== null ? { metadata } : {}),
});
