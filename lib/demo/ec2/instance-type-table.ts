export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly isArm: boolean;
}

/** Sizes above large, in large's own vCPUs and memory. */
const multiples: Readonly<Record<string, number>> = {
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
  "24xlarge": 48,
};

/** GiB of memory that a large has, by family; each large has two vCPUs. */
const fixed: Readonly<Record<string, number>> = {
  c5: 4,
  c6i: 4,
  c7g: 4,
  c7i: 4,
  i4i: 16,
  m5: 8,
  m6i: 8,
  m7g: 8,
  m7i: 8,
  r5: 16,
  r6i: 16,
  r7g: 16,
  r7i: 16,
};

const burstable = ["t2", "t3", "t3a", "t4g"];

/** vCPUs of t2, where they are not two from nano to large as of its successors. */
const singleT2 = ["nano", "micro", "small"];

const smallMib: Readonly<Record<string, number>> = { nano: 512, micro: 1024, small: 2048, medium: 4096, large: 8192 };

const isArm = (family: string): boolean => /\dg$/.test(family);

/** A hundred and more, as most regions have: more than a page. */
export const instanceTypes: readonly InstanceType[] = [
  ...Object.entries(fixed).flatMap(([family, gib]) =>
    Object.entries(multiples).map(([size, multiple]) => ({
      name: `${family}.${size}`,
      vcpus: 2 * multiple,
      memoryMib: 1024 * gib * multiple,
      isArm: isArm(family),
    })),
  ),
  ...burstable.flatMap((family) =>
    Object.entries({ ...smallMib, xlarge: 16_384, "2xlarge": 32_768 }).map(([size, memoryMib]) => ({
      name: `${family}.${size}`,
      vcpus: burstableVcpus(family, size),
      memoryMib,
      isArm: isArm(family),
    })),
  ),
].sort((a, b) => (a.name < b.name ? -1 : 1));

function burstableVcpus(family: string, size: string): number {
  if (size === "2xlarge") return 8;
  if (size === "xlarge") return 4;
  return family === "t2" && singleT2.includes(size) ? 1 : 2;
}
