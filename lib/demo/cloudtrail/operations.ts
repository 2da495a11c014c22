import type { Operation } from "../operation.ts";
import { lookupEvents } from "./lookup-events.ts";

export const cloudTrailOperations: readonly Operation[] = [lookupEvents];
