# What keycheck is measured against: boto3 listing users; `keycheck` also makes the other calls that keycheck makes.
import os
import sys

import boto3

iam = boto3.client("iam")
users = [user for page in iam.get_paginator("list_users").paginate() for user in page["Users"]]
if sys.argv[1:] == ["keycheck"]:
    account = boto3.client("sts").get_caller_identity()["Account"]
    iam.list_account_aliases()
    iam.get_credential_report()
    iam.list_service_specific_credentials(AllUsers=True)
    for version in ["", "V2", "V3"]:
        try:
            iam.list_entities_for_policy(PolicyArn=f"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine{version}")
        except iam.exceptions.NoSuchEntityException:
            pass
    for user in users:
        iam.list_access_keys(UserName=user["UserName"])
for user in users:
    print(user["UserName"])
if "PEAK_MEMORY" in os.environ:
    with open("/proc/self/status") as status:
        peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    os.write(3, peak.encode())
