import type { ElasticsearchCalls } from "./elasticsearch-client.ts";
import { ElasticsearchFailure } from "./elasticsearch-failure.ts";
import type { Patience } from "./elasticsearch-patience.ts";
import { templateFor, templateName, templateVersion } from "./elasticsearch-template.ts";

export interface Preparing {
  readonly calls: ElasticsearchCalls;
  readonly patience: Patience;
  readonly stop: AbortSignal;
}

/**
 * Makes the index's template where it is missing or older. Returns why it could not be made, where documents can be stored
 * without it; throws ElasticsearchFailure where they can't.
 */
export async function prepareIndex(index: string, { calls, patience, stop }: Preparing): Promise<string | undefined> {
  const name = templateName(index);
  try {
    const version = await patience.insist(() => calls.findTemplateVersion(name, stop));
    if (version !== undefined && version >= templateVersion) return undefined;
    await patience.insist(() => calls.putTemplate(name, templateFor(index), stop));
    return undefined;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return `index template "${name}" is not made: ${thrown.message}; fields of an index made without it have the types that Elasticsearch guesses`;
  }
}

/** No privilege to see or make templates; or another template has claimed the index with the same priority. */
const isRefusal = (thrown: unknown): thrown is ElasticsearchFailure =>
  thrown instanceof ElasticsearchFailure && (thrown.status === 403 || thrown.status === 400);
