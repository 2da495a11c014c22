import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

const directory = join(import.meta.dirname, "..", "..", "k8s-templates");

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Named {
  readonly name: string;
}

interface Variable extends Named {
  readonly value: string;
}

interface Volume extends Named {
  readonly secret?: { readonly secretName: string };
  readonly configMap?: Named;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly emptyDir?: object;
}

export interface Container extends Named {
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: readonly Variable[];
  readonly envFrom: readonly { readonly configMapRef: Named }[];
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[];
  readonly livenessProbe?: { readonly exec: { readonly command: readonly string[] } };
  readonly securityContext: object;
}

interface PodTemplate {
  readonly metadata: Pick<Metadata, "labels">;
  readonly spec: {
    readonly serviceAccountName: string;
    readonly securityContext: { readonly runAsUser: number };
    readonly containers: readonly Container[];
    readonly volumes: readonly Volume[];
  };
}

interface JobSpec {
  readonly activeDeadlineSeconds: number;
  readonly completions?: number;
  readonly template: PodTemplate;
}

interface Spec extends Partial<JobSpec> {
  readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly jobTemplate?: { readonly spec: JobSpec };
}

/** An object as its file has it; that it is one is what the schemas say. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: Spec;
}

export const readTemplate = (path: string): string => readFileSync(join(directory, path), "utf8");

/** Every object of a program's templates, in the order of their files. */
export const manifestsOf = (program: string): readonly Manifest[] =>
  readdirSync(join(directory, program)).flatMap((name) => parseManifests(readTemplate(join(program, name))));

export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    return document.toJS() as Manifest;
  });
}

/** In the templates a comment behind `##` is prose; behind `#` stands what is off. */
export const uncomment = (text: string): string => text.replace(/^( *)# /gm, "$1");

export function findManifest(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

export interface Workload {
  readonly title: string;
  readonly template: PodTemplate;
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly job: JobSpec | undefined;
}

/** What runs pods: Deployments, Jobs, and Jobs on a schedule. */
export const workloadsOf = (manifests: readonly Manifest[]): readonly Workload[] =>
  manifests.flatMap(({ kind, metadata, spec = {} }) => {
    const job = spec.jobTemplate?.spec ?? (kind === "Job" ? (spec as JobSpec) : undefined);
    const template = job?.template ?? spec.template;
    const title = `${kind} ${metadata.name}`;
    return template === undefined ? [] : [{ title, template, selector: spec.selector?.matchLabels, job }];
  });

/** A container's variables: those of its ConfigMaps, then its own. */
export const environmentOf = (manifests: readonly Manifest[], { env = [], envFrom }: Container) => ({
  ...Object.assign(
    {},
    ...envFrom.map(({ configMapRef }) => findManifest(manifests, "ConfigMap", configMapRef.name).data),
  ),
  ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
});

/** Every file that ConfigMaps and Secrets put into a pod's first container, by its path there. */
export function filesOf(manifests: readonly Manifest[], { spec }: PodTemplate): ReadonlyMap<string, string> {
  const mounts = spec.containers.flatMap(({ volumeMounts }) => volumeMounts);
  return new Map(
    spec.volumes.flatMap(({ name, secret, configMap }) => {
      const mount = mounts.find((one) => one.name === name);
      const source = secret
        ? findManifest(manifests, "Secret", secret.secretName)
        : configMap && findManifest(manifests, "ConfigMap", configMap.name);
      const files = Object.entries(source?.stringData ?? source?.data ?? {});
      return files.map(([file, text]) => [`${mount?.mountPath}/${file}`, text] as const);
    }),
  );
}
