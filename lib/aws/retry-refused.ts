import { isClockSkewCorrectedError, StandardRetryStrategy } from "@smithy/core/retry";
import type { RetryErrorInfo, RetryStrategyV2, StandardRetryToken } from "@smithy/types";

/**
 * Tries again only what AWS refused before it did anything. The SDK's own strategies also repeat a write whose answer was
 * lost, which may be done already, and undone by somebody since.
 */
export function retryRefused(maxAttempts: number): RetryStrategyV2 {
  // Its quota runs dry only over many calls; the adaptive one would wait two seconds after a single throttle.
  const standard = new StandardRetryStrategy(maxAttempts);
  return {
    acquireInitialRetryToken: (scope) => standard.acquireInitialRetryToken(scope),
    async refreshRetryTokenForRetry(token, failure) {
      if (!wasRefused(failure)) throw failure.error;
      // Every token was made by `standard`.
      return standard.refreshRetryTokenForRetry(token as StandardRetryToken, failure);
    },
    recordSuccess: (token) => standard.recordSuccess(token as StandardRetryToken),
  };
}

/** Throttled, or signed by a clock that the SDK has corrected since. */
const wasRefused = ({ errorType, error }: RetryErrorInfo): boolean =>
  errorType === "THROTTLING" || (error !== undefined && isClockSkewCorrectedError(error) === true);
