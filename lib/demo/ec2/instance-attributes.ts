import type { Call, Operation } from "../operation.ts";
import type { ParameterValue, RequestParameters } from "../parameters.ts";
import { readText } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { costOfReading, costOfWriting } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { incorrectState, invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { refuseOperated } from "./operated-instances.ts";
import { requestedInstance } from "./requested-instances.ts";
import { oneInstance } from "./resources.ts";

/** Those attributes that the offline AWS knows, by what keeps them. */
const attributes = {
  disableApiTermination: "isTerminationProtected",
  disableApiStop: "isStopProtected",
} as const satisfies Readonly<Record<string, keyof Instance>>;

type Attribute = keyof typeof attributes;

/** One attribute a call: EC2 has no way to ask for two. */
export const describeInstanceAttribute: Operation = {
  action: "DescribeInstanceAttribute",
  resource: oneInstance,
  costs: costOfReading,
  answer: withDryRun((call) => {
    const name = readText(call.parameters, "Attribute");
    if (name === undefined) throw missingParameter("attribute");
    const attribute = knownAttribute(name);
    const instance = requestedInstance(call);
    return { instanceId: instance.id, [attribute]: { value: instance[attributes[attribute]] } };
  }),
};

export const modifyInstanceAttribute: Operation = {
  action: "ModifyInstanceAttribute",
  resource: oneInstance,
  isWrite: true,
  costs: costOfWriting,
  answer: withDryRun((call) => {
    const { attribute, value } = readChange(call);
    const instance = requestedInstance(call);
    refuseOperated(instance, "modified");
    if (instance.state === "terminated" || instance.state === "shutting-down")
      throw incorrectState(`The instance '${instance.id}' is not in a state in which its attributes can be modified.`);
    instance[attributes[attribute]] = value;
    regionOf(call).instances.keep(instance);
    return { return: true };
  }),
};

interface Change {
  readonly attribute: Attribute;
  readonly value: boolean;
}

/** Either `DisableApiStop.Value=true` or `Attribute=disableApiStop&Value=true`. */
function readChange({ parameters }: Call): Change {
  const named = readText(parameters, "Attribute");
  if (named !== undefined) return readValue(knownAttribute(named), parameters);
  const { InstanceId: _id, DryRun: _dryRun, Action: _action, Version: _version, ...given } = parameters;
  const [first, second] = Object.entries(given);
  if (first === undefined) throw invalidCombination("No attributes specified.");
  if (second !== undefined)
    throw invalidCombination(`Fields for multiple attribute types specified: ${Object.keys(given).join(", ")}`);
  const [name, value] = first;
  const attribute = knownAttribute(name.charAt(0).toLowerCase() + name.slice(1));
  return readValue(attribute, isRecord(value) ? value : {});
}

function readValue(attribute: Attribute, given: RequestParameters): Change {
  const text = readText(given, "Value");
  if (text !== "true" && text !== "false")
    throw invalidValue(`Value (${text ?? ""}) for parameter ${attribute} is invalid.`);
  return { attribute, value: text === "true" };
}

const isRecord = (value: ParameterValue | undefined): value is RequestParameters =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function knownAttribute(name: string): Attribute {
  if (Object.hasOwn(attributes, name)) return name as Attribute; // It is one of the table's own keys.
  throw invalidValue(`Value (${name}) for parameter attribute is invalid. Unknown attribute.`);
}
