// The portable subset of line protocol: what Telegraf's parser, influxdata/line-protocol v2, InfluxDB 1.x and VictoriaMetrics
// read as one and the same. Nothing here trusts its text: tag values and strings are names that strangers chose.

/** C0 and DEL, said as "neither printable ASCII nor beyond ASCII"; influxdata/line-protocol v2 refuses them outside strings. */
const controls = /[^ -~\u0080-\uffff]/g;
const loneSurrogates = /\p{Surrogate}/gu;

/**
 * Before a separator the parsers disagree: after `\\` VictoriaMetrics takes a comma for a separator, Telegraf does so in
 * measurements and field keys, and Telegraf alone reads `\"` in a tag as a bare quote. At the end a backslash would
 * escape the separator that follows.
 */
const ambiguousBackslashes = /(?<!\\)\\+(?=[,= "]|$)/g;

/** Text that any store and any reader of lines can hold: on one line, well-formed. */
export const replaceUnprintable = (text: string): string =>
  text.replace(controls, "").replace(loneSurrogates, "\ufffd");

/** A measurement's, tag's or field's name, or a tag's value, cut down to what every parser reads alike; not yet escaped. */
export const cleanName = (text: string): string => replaceUnprintable(text).replace(ambiguousBackslashes, "");

/** A line that begins with `#` is a comment. */
export const cleanMeasurement = (text: string): string => cleanName(text).replace(/^#+/, "");

/** `=` is no separator in a measurement, and its escape is not undone there. */
export const escapeMeasurement = (clean: string): string => clean.replace(/[, ]/g, "\\$&");

export const escapeKey = (clean: string): string => clean.replace(/[,= ]/g, "\\$&");

const needsCare = /[^!-~]|[\\,=]/;

/** Empty when nothing remains. */
export const escapeTagValue = (text: string): string => (needsCare.test(text) ? escapeKey(cleanName(text)) : text);

const needsCareInString = /[^ -~]|["\\]/;

/** Line breaks become spaces: both parsers take a raw one, but not what reads line by line in between. */
export const quoteString = (text: string): string =>
  needsCareInString.test(text)
    ? `"${replaceUnprintable(text.replace(/\r\n?|\n/g, " ")).replace(/["\\]/g, "\\$&")}"`
    : `"${text}"`;
