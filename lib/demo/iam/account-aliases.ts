import type { Operation } from "../operation.ts";
import { takeIamPage } from "./pages.ts";
import { everything } from "./resources.ts";

/** An account has one alias or none, in a list all the same. */
export const listAccountAliases: Operation = {
  action: "ListAccountAliases",
  resource: everything,
  answer(call) {
    const { alias } = call.caller.account;
    const { items, end } = takeIamPage(call, { items: alias === undefined ? [] : [alias], orderOf: (name) => name });
    return { AccountAliases: items, ...end };
  },
};
