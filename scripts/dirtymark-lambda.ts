export { handler } from "../lib/dirtymark/lambda.ts";
