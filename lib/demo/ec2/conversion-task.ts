/** A virtual machine on its way into or out of EC2. */
export interface ConversionTask {
  readonly kind: "import" | "export";
  readonly id: string;
  readonly instanceId: string;
  readonly zone: string;
  state: "pending" | "active" | "completed" | "cancelled";
}
