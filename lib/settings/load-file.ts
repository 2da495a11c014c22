import { messageOf } from "../core/errors.ts";
import { quoteValue } from "./parse-value.ts";
import { noFile, type YamlFile } from "./read-file.ts";

export type ReadText = (path: string) => Promise<string>;

const systemWords: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ENOENT: "no such file",
};

/** Reads a file of YAML that a setting names; `where` is that setting's place. */
export async function loadFile(path: string, where: string, readFile: ReadText): Promise<YamlFile> {
  try {
    const text = await readFile(path);
    // A run without a settings file does not pay for YAML.
    const { loadYaml } = await import("./load-yaml.ts");
    return loadYaml(path, text);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    const why = systemWords[code] ?? messageOf(thrown);
    return { ...noFile, isIncomplete: true, problems: [`${where}: cannot read ${quoteValue(path)}: ${why}`] };
  }
}
