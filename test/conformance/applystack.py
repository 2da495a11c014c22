"""Applies lib/dirtymark/cloudformation.yaml to a moto, and says what came of it as JSON: python applystack.py URL TEMPLATE EVENT...

The environment names the region and the credentials. Each EVENT is a file with an event as EventBridge hands it on; it is
put on the default bus once the stack is there.
"""

import io
import json
import sys
import zipfile

import boto3

url, template, *events = sys.argv[1:]


def client(service):
    return boto3.client(service, endpoint_url=url)


def upload(bucket, key):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("dirtymark-lambda.cjs", "exports.handler = async () => ({ batchItemFailures: [] })")
    region = boto3.session.Session().region_name
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    client("s3").put_object(Bucket=bucket, Key=key, Body=archive.getvalue())


def apply(parameters):
    formation = client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    with open(template, encoding="utf8") as text:
        formation.create_stack(
            StackName="marks", TemplateBody=text.read(), Parameters=given, Capabilities=["CAPABILITY_IAM"]
        )
    return formation.describe_stacks(StackName="marks")["Stacks"][0]


def describe_queue(name):
    queue = client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    return client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]


def put(path):
    with open(path, encoding="utf8") as text:
        event = json.load(text)
    detail = json.dumps(event["detail"])
    client("events").put_events(
        Entries=[
            {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": detail,
                "Resources": event["resources"],
            }
        ]
    )


upload("code-bucket", "dirtymark.zip")
stack = apply({"CodeBucket": "code-bucket", "CodeKey": "dirtymark.zip", "GuardDuty": "true"})
sources = client("lambda").list_event_source_mappings()["EventSourceMappings"]
# moto would run the functions by Docker; the messages are for whoever is tested.
for source in sources:
    client("lambda").update_event_source_mapping(UUID=source["UUID"], Enabled=False)
for event in events:
    put(event)
said = {
    "status": stack["StackStatus"],
    "queues": {name: describe_queue(name) for name in ["skunky", "skunky-forwarders"]},
    "functions": client("lambda").list_functions()["Functions"],
    "sources": sources,
    "roles": [role["Arn"] for role in client("iam").list_roles()["Roles"]],
    "table": client("dynamodb").describe_table(TableName="stalewatch")["Table"],
}
print(json.dumps(said, default=str))
