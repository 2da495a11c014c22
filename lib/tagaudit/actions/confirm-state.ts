import { awaitChange } from "../../act/await-change.ts";
import type { Attempt, Confirmation, Intended } from "../../act/kind.ts";
import type { Instance, InstanceState } from "../../core/ec2.ts";
import { detailOf, findInstance, type InstanceActing, isGone } from "./acting.ts";

interface Wanted {
  readonly acting: InstanceActing;
  readonly attempt: Attempt;
  /** Any of them: on the way is as good as there. */
  readonly states: readonly InstanceState[];
  /** Of an instance that EC2 knows no longer, or that is being terminated. */
  readonly gone: Confirmation;
}

/** Whether an instance has come to a state: by the answer of the call that asked for it, else by a look. */
export function confirmState({ action }: Intended, wanted: Wanted): Promise<Confirmation> {
  const { acting, attempt, states, gone } = wanted;
  const detail = detailOf(action);
  const judge = (state: Instance["state"]): Confirmation | undefined => {
    if (states.includes(state)) return { is: "done", after: { state } };
    return isGone({ state }) ? gone : undefined;
  };
  const answered = states.find((state) => state === attempt.written?.to);
  if (answered !== undefined) return Promise.resolve({ is: "done", after: { state: answered } });
  const look = async () => {
    const instance = await findInstance(detail, acting);
    return instance === undefined ? gone : judge(instance.state);
  };
  const { clock, consistency, stop } = acting;
  return awaitChange(look, {
    attempt,
    clock,
    consistency,
    stop,
    absent: `the instance is not ${states.join(" or ")}`,
  });
}
