const text = Symbol("encoded XML");

/** A value of an answer whose content is XML already: for what is answered by the thousand. */
export interface EncodedXml {
  readonly [text]: string;
}

export const encodedXml = (xml: string): EncodedXml => ({ [text]: xml });

export const isEncodedXml = (value: object): value is EncodedXml => text in value;

export const xmlOf = (value: EncodedXml): string => value[text];
