/** XML that is malformed, or of a kind that AWS does not send. The SDK may read it all the same. */
export class UnreadableXml extends Error {
  constructor(why: string) {
    super(`the answer can't be read as a stream: ${why}`);
    this.name = "UnreadableXml";
  }
}
