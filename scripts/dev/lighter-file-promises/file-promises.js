import * as files from "node:fs";
import { promisify } from "node:util";

const later =
  (name) =>
  (...args) =>
    files.promises[name](...args);

export const access = promisify(files.access);
export const readFile = promisify(files.readFile);

export const mkdir = later("mkdir");
export const mkdtemp = later("mkdtemp");
export const open = later("open");
export const rename = later("rename");
export const rm = later("rm");
export const stat = later("stat");
