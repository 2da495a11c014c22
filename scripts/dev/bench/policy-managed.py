# Prints the documents of the AWS-managed policies that moto carries, by name, as it gives them out.
import json
import sys

from moto.iam.aws_managed_policies import aws_managed_policies_data

policies = json.loads(aws_managed_policies_data)
json.dump({name: json.dumps(policy["Document"]) for name, policy in policies.items()}, sys.stdout)
