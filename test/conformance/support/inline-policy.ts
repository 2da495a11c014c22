import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";

const inline = { RoleName: "someone", PolicyName: "inline" };

const trust = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
};

export async function createRole(client: IAMClient): Promise<void> {
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await client.send(new CreateRoleCommand({ RoleName: inline.RoleName, AssumeRolePolicyDocument }));
}

/** What AWS's validation says against an inline policy of the role; undefined where it takes it. */
export const refusalOfInline = (client: IAMClient, PolicyDocument: string): Promise<string | undefined> =>
  refusalOf(client.send(new PutRolePolicyCommand({ ...inline, PolicyDocument })));

export async function getInline(client: IAMClient): Promise<string> {
  const { PolicyDocument = "" } = await client.send(new GetRolePolicyCommand(inline));
  return decodeURIComponent(PolicyDocument);
}

/** The same of a managed policy, which is not kept. */
export async function refusalOfManaged(client: IAMClient, PolicyDocument: string): Promise<string | undefined> {
  return refusalOf(
    client.send(new CreatePolicyCommand({ PolicyName: "managed", PolicyDocument })).then(async ({ Policy }) => {
      await client.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }));
    }),
  );
}

async function refusalOf(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer;
    return undefined;
  } catch (thrown) {
    const { name, message } = Object(thrown);
    if (name !== "MalformedPolicyDocument" && name !== "MalformedPolicyDocumentException") throw thrown;
    return message;
  }
}
