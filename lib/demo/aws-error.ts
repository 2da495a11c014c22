/** An error as AWS declares it: its code and HTTP status are the contract, its message is for people. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Part of what was asked is done all the same. */
  readonly isPartlyDone: boolean;

  constructor(code: string, status: number, message: string, { isPartlyDone = false } = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
    this.isPartlyDone = isPartlyDone;
  }
}

export const validationError = (message: string): AwsError => new AwsError("ValidationError", 400, message);

export const noSuchEntity = (message: string): AwsError => new AwsError("NoSuchEntity", 404, message);
