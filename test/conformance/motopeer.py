"""moto's server with what it can't be told over HTTP: python motopeer.py [PORT]

    POST /__test/seed   an account's alias, users, keys and roles with their true ids and dates, straight into moto's state:
        {"account": "123456789012", "alias": "acme",
         "users": [{"name": "ada", "path": "/", "created": ISO, "policies": [ARN], "policy": DOCUMENT,
                    "keys": [{"id": "AKIA...", "secret": "...", "status": "Active", "created": ISO,
                              "lastUsed": {"at": ISO, "service": "s3", "region": "eu-central-1"}}],
                    "serviceCredentials": [{"id": "ACCA...", "service": "...", "status": "Active", "created": ISO}]}],
         "roles": [{"name": "stalewatch", "path": "/", "policy": DOCUMENT}],
         "regions": [{"name": "eu-west-1", "instances": [
             {"id": "i-...", "zone": "eu-west-1a", "type": "m5.large", "state": "running", "launched": ISO,
              "launchedBy": "ada", "rootDeviceType": "ebs", "tags": {"Name": "..."}}]}]}
    POST /__test/fault  {"action": "ListUsers", "times": 2, "code": "Throttling", "status": 400, "message": "Rate exceeded"}
        the next calls of an action of IAM, STS or EC2 fail
    POST /__test/states {"account": "123456789012", "region": "eu-west-1"}
        {"states": {"i-...": "running"}}
    GET  /__test/log    {"log": ["ListUsers", ...]}
    POST /__test/reset  forgets faults and log; moto's own POST /moto-api/reset forgets the accounts

moto answers a credential report as made in 2015, no ListServiceSpecificCredentials, no conversion or export tasks, no
instance refreshes, no LookupEvents, and no account in the events that it forwards: all are made good here.
"""

import io
import json
import re
import sys
from datetime import datetime, timezone

from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.models import instances as ec2_instances
from moto.ec2.responses.instances import InstanceResponse
from moto.events.models import Rule
from moto.iam.models import AccessKeyLastUsed, iam_backends
from moto.iam.responses import IamResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

FAULTS = []
LOG = []
SERVICE_CREDENTIALS = {}
LAUNCHERS = {}


def moment(text):
    """moto keeps its times in UTC without a zone."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).replace(tzinfo=None)


def seed(account):
    backend = iam_backends[account["account"]]["aws"]
    if account.get("alias"):
        backend.create_account_alias(account["alias"])
    for user in account.get("users", []):
        seed_user(backend, user)
    for role in account.get("roles", []):
        seed_role(backend, role)
    for region in account.get("regions", []):
        for instance in region["instances"]:
            seed_instance(ec2_backends[account["account"]][region["name"]], instance)


def seed_user(backend, said):
    name = said["name"]
    user = backend.create_user("us-east-1", name, said.get("path", "/"))
    if "created" in said:
        user.create_date = moment(said["created"])
    for arn in said.get("policies", []):
        backend.attach_user_policy(arn, name)
    if "policy" in said:
        backend.put_user_policy(name, "inline", json.dumps(said["policy"]))
    for key in said.get("keys", []):
        seed_key(backend, user, key)
    credentials = SERVICE_CREDENTIALS.setdefault(backend.account_id, [])
    credentials += [{"UserName": name, **describe(one)} for one in said.get("serviceCredentials", [])]


def seed_key(backend, user, said):
    key = user.create_access_key(prefix="AKIA", status=said.get("status", "Active"))
    key.access_key_id = said["id"]
    key.secret_access_key = said.get("secret", key.secret_access_key)
    if "created" in said:
        key.create_date = moment(said["created"])
    if "lastUsed" in said:
        used = said["lastUsed"]
        key.last_used = AccessKeyLastUsed(moment(used["at"]), used["service"], used["region"])
    backend.access_keys[key.access_key_id] = key


def seed_role(backend, said):
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
    role = backend.create_role(said["name"], trust, said.get("path", "/"), None, "", [], 3600)
    backend.put_role_policy(role.name, "inline", json.dumps(said["policy"]))


def seed_instance(backend, said):
    ec2_instances.random_instance_id = lambda: said["id"]
    reservation = backend.run_instances(
        "ami-12345678", 1, None, [], tags={"instance": said["tags"]}, instance_type=said["type"],
        is_instance_type_default=False, placement=said["zone"], region_name=backend.region_name,
    )  # fmt: skip
    instance = reservation.instances[0]
    instance.launch_time = moment(said["launched"])
    instance.root_device_type = said.get("rootDeviceType", "ebs")
    if said["state"] == "stopped":
        instance.stop()
    LAUNCHERS[instance.id] = said.get("launchedBy")


def states(asked):
    instances = ec2_backends[asked["account"]][asked["region"]].all_instances()
    return {"states": {instance.id: instance.state for instance in instances}}


def describe(credential):
    return {
        "ServiceSpecificCredentialId": credential["id"],
        "ServiceName": credential["service"],
        "Status": credential["status"],
        "CreateDate": moment(credential["created"]),
    }


def list_service_specific_credentials(self):
    credentials = SERVICE_CREDENTIALS.get(self.current_account, [])
    return ActionResult({"ServiceSpecificCredentials": credentials, "IsTruncated": False})


def get_credential_report(self):
    content = self.backend.get_credential_report()
    return ActionResult({"Content": content, "ReportFormat": "text/csv", "GeneratedTime": datetime.now(timezone.utc)})


def describe_conversion_tasks(self):
    return ActionResult({"ConversionTasks": []})


def describe_export_tasks(self):
    return ActionResult({"ExportTasks": []})


def describe_instance_refreshes(self):
    return ActionResult({"InstanceRefreshes": []})


def lookup_events(self):
    asked = self._get_param("LookupAttributes")[0]["AttributeValue"]
    launcher = LAUNCHERS.get(asked)
    launch = {"EventName": "RunInstances", "Username": launcher, "CloudTrailEvent": "{}"}
    return json.dumps({"Events": [launch] if launcher else []})


def send_with_account(self, resource_id, event, group_id=None, send=Rule._send_to_sqs_queue):
    send(self, resource_id, {**event, "account": self.account_id}, group_id)


Rule._send_to_sqs_queue = send_with_account
AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes
InstanceResponse.describe_conversion_tasks = describe_conversion_tasks
InstanceResponse.describe_export_tasks = describe_export_tasks
CloudTrailResponse.lookup_events = lookup_events
IamResponse.list_service_specific_credentials = list_service_specific_credentials
IamResponse.get_credential_report = get_credential_report


def reset():
    FAULTS.clear()
    LOG.clear()


CONTROLS = {
    "/__test/seed": seed,
    "/__test/fault": FAULTS.append,
    "/__test/reset": lambda _: reset(),
    "/__test/states": states,
    "/__test/log": lambda _: {"log": LOG},
}


def control(path, raw):
    try:
        return "200 OK", CONTROLS[path](json.loads(raw or b"{}")) or {}
    except Exception as error:  # whatever is wrong with a request belongs into its answer
        return "400 Bad Request", {"error": repr(error)}


def take_fault(action):
    for fault in FAULTS:
        if fault["action"] == action and fault["times"] > 0:
            fault["times"] -= 1
            return fault
    return None


def describe_fault(fault):
    code, message = fault["code"], fault["message"]
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return f"<ErrorResponse>{error}<RequestId>fault</RequestId></ErrorResponse>"


class Peer:
    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))

        def send(status, content_type, text):
            content = text.encode()
            start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(content)))])
            return [content]

        if path.startswith("/__test/"):
            status, answer = control(path, raw)
            return send(status, "application/json", json.dumps(answer))
        action = re.search(rb"(?:^|&)Action=(\w+)", raw)
        if action is not None:
            LOG.append(action.group(1).decode())
            fault = take_fault(LOG[-1])
            if fault is not None:
                return send(f"{fault['status']} Fault", "text/xml", describe_fault(fault))
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target is not None:
            LOG.append(target.split(".")[-1])
        environ["wsgi.input"] = io.BytesIO(raw)
        return self.moto(environ, start_response)


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, Peer(), threaded=True)
    print("ready", server.server_port, flush=True)
    server.serve_forever()
