// A permission is here if AWS checks it where the principal makes no call to the permission's own service: last accessed
// reports tell of attempts to call AWS APIs, so that service may show as never used. Not here is what is checked inside
// calls of its own service, as sts:TagSession is: the service shows as used then, and reports don't track the action.

/** A permission whose use last accessed reports do not show, or have not been proven to show. */
export interface NeverReported {
  /** A glob in AWS's spelling; it may span services. */
  readonly action: string;
  readonly because: string;
  /** Of AWS's documentation. */
  readonly source: string;
  /** Concerns only roles that this service principal may assume; any role if missing. */
  readonly trustedBy?: string;
}

/** The day on which the sources were read. */
export const neverReportedAsOf = "2026-11-21";

type Reason = Omit<NeverReported, "action">;

const docs = (page: string): string => `https://docs.aws.amazon.com/${page}.html`;

const rows = (reason: Reason, ...actions: readonly string[]): readonly NeverReported[] =>
  actions.map((action) => ({ action, ...reason }));

/** Rows whose source is the page of their service in the Service Authorization Reference. */
const referenceRows = (because: string, ...actions: readonly string[]): readonly NeverReported[] =>
  actions.map((action) => {
    const [service] = action.split(":");
    return { action, because, source: docs(`service-authorization/latest/reference/list_${service}`) };
  });

/** Checked while the principal calls another service. */
const insideOtherCalls: readonly NeverReported[] = [
  ...rows(
    {
      because: "AWS says that it is not tracked: passing a role is checked inside calls of other services",
      source: docs("IAM/latest/UserGuide/access_policies_last-accessed"),
    },
    "iam:PassRole",
  ),
  ...referenceRows(
    "passing it is checked inside a call of the service that is to use it",
    ...["bedrock-agentcore:PassCapacityProvider", "codeconnections:Pass*", "codestar-connections:Pass*"],
    ...["glue:PassConnection", "lambda:PassCapacityProvider", "lambda:PassNetworkConnector"],
  ),
  ...referenceRows(
    "Resource Access Manager uses it when a share is made, changed or ended",
    ...["appmesh:*MeshPolicy", "arc-region-switch:*ResourcePolicy", "ec2:*ResourcePolicy", "fsx:*ResourcePolicy"],
    ...["route53profiles:*ProfilePolicy", "sagemaker:*ResourcePolicy", "servicediscovery:*ResourcePolicy"],
  ),
  ...referenceRows(
    "checked inside a call of the service that attaches to it",
    ...["ec2:*CoipPoolPermission", "ec2:*LocalGatewayRouteTablePermission*", "ec2:*OdbNetworkPeering"],
    "vpc-lattice:AssociateViaAWSService*",
  ),
  ...rows(
    {
      because: "checked inside logs:PutDeliverySource",
      source: docs("AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-service-specific"),
    },
    "*:AllowVendedLogDeliveryForResource",
  ),
  ...rows(
    {
      because: "checked inside the call that turns on another service's logs",
      source: docs("AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy"),
    },
    ...["logs:*LogDelivery", "logs:ListLogDeliveries"],
  ),
  ...rows(
    {
      because: "checked inside oam:CreateLink",
      source: docs("AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account-Setup"),
    },
    "*:Link",
  ),
  ...rows(
    {
      because: "checked on the protected resource inside calls of AWS WAF",
      source: docs("waf/latest/developerguide/security_iam_service-with-iam"),
    },
    ...["amplify:*WebACL*", "apigateway:SetWebACL", "apprunner:*WebAcl*", "appsync:*WebACL*", "cognito-idp:*WebACL*"],
    ...["bedrock-agentcore:Gateway*WebACL*", "ec2:*VerifiedAccessInstanceWebAcl*"],
    ...["elasticloadbalancing:*WebACL*", "elasticloadbalancing:SetWebAcl"],
  ),
  ...rows(
    {
      because: "checked inside the call of CloudFront that attaches a function",
      source: docs("AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions"),
    },
    ...["lambda:DisableReplication*", "lambda:EnableReplication*"],
  ),
  ...rows(
    {
      because: "not a public API: used when another service takes a directory",
      source: docs("directoryservice/latest/admin-guide/UsingWithDS_IAM_ResourcePermissions"),
    },
    ...["ds:AuthorizeApplication", "ds:CheckAlias", "ds:CreateIdentityPoolDirectory"],
    ...["ds:GetAuthorizedApplicationDetails", "ds:UnauthorizeApplication", "ds:UpdateAuthorizedApplication"],
  ),
];

const ownToken = "the server checks a token that the client signs by itself";
const ownEndpoint = "checked on requests to an endpoint of the customer's own";

const atEndpoint = (page: string): Reason => ({ because: ownEndpoint, source: docs(page) });

/** Checked where no AWS API is called: by a database, a broker, a file server, an endpoint of the customer's own. */
const outsideTheApis: readonly NeverReported[] = [
  ...rows(
    {
      because: `${ownToken}; neither CloudWatch nor CloudTrail logs it`,
      source: docs("AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth"),
    },
    "rds-db:connect",
  ),
  ...rows(
    { because: ownToken, source: docs("aurora-dsql/latest/userguide/SECTION_authentication-token") },
    "dsql:DbConnect*",
  ),
  ...rows({ because: ownToken, source: docs("AmazonElastiCache/latest/dg/auth-iam") }, "elasticache:Connect"),
  ...rows({ because: ownToken, source: docs("memorydb/latest/devguide/auth-iam") }, "memorydb:Connect"),
  ...rows(
    { because: "brokers check what Kafka clients do", source: docs("msk/latest/developerguide/iam-access-control") },
    "kafka-cluster:*",
  ),
  ...rows(
    { because: "checked on MQTT messages", source: docs("iot/latest/developerguide/iot-policy-actions") },
    ...["iot:Connect", "iot:Publish", "iot:Receive", "iot:RetainPublish", "iot:Subscribe"],
  ),
  ...rows(
    { because: "checked when an NFS client connects", source: docs("efs/latest/ug/iam-access-control-nfs-efs") },
    "elasticfilesystem:Client*",
  ),
  ...referenceRows("checked when an NFS client connects", "s3files:Client*"),
  ...referenceRows("checked on calls of S3's API", "s3tables:GetTableData", "s3tables:PutTableData"),
  ...referenceRows(
    ownEndpoint,
    ...["emr-serverless:AccessInteractiveEndpoints", "emr-serverless:AccessLivyEndpoints"],
    ...["managedblockchain:GET", "managedblockchain:Invoke", "managedblockchain:POST"],
  ),
  ...rows(
    atEndpoint("apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api"),
    "execute-api:*",
  ),
  ...rows(atEndpoint("appsync/latest/devguide/security-authz"), "appsync:Event*", "appsync:GraphQL"),
  ...rows(atEndpoint("lambda/latest/dg/urls-auth"), "lambda:InvokeFunction*"),
  ...rows(atEndpoint("neptune/latest/userguide/iam-dp-actions"), "neptune-db:*"),
  ...rows(atEndpoint("opensearch-service/latest/developerguide/ac"), "es:ESCrossClusterGet", "es:ESHttp*"),
  ...rows(
    atEndpoint("opensearch-service/latest/developerguide/serverless-data-access"),
    ...["aoss:APIAccessAll", "aoss:DashboardsAccessAll"],
  ),
  ...rows(atEndpoint("vpc-lattice/latest/ug/auth-policies"), "vpc-lattice-svcs:*"),
];

/** Called by a service in the principal's name: that reports show such calls is not proven. */
const calledByServices: readonly NeverReported[] = [
  ...rows(
    {
      because: "services call it in the principal's name (forward access sessions), as S3 does for encrypted objects",
      source: docs("IAM/latest/UserGuide/access_forward_access_sessions"),
    },
    ...["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
  ),
  ...rows(
    {
      because: "Lambda makes and ends network interfaces of functions in a VPC with it, and seldom",
      source: docs("lambda/latest/dg/configuration-vpc"),
      trustedBy: "lambda.amazonaws.com",
    },
    ...["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    ...["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"],
  ),
  ...rows(
    {
      because: "experiments use it, and no API has it",
      source: docs("fis/latest/userguide/fis-actions-reference"),
      trustedBy: "fis.amazonaws.com",
    },
    ...["dynamodb:InjectError", "ec2:InjectApiError", "ec2:PauseVolumeIO", "ec2:SendSpotInstanceInterruptions"],
    ...["elasticache:InterruptClusterAzPower", "memorydb:PauseMultiRegionClusterReplication", "s3:PauseReplication"],
  ),
];

export const neverReported: readonly NeverReported[] = [...insideOtherCalls, ...outsideTheApis, ...calledByServices];
