/** How a WeData operation behaves; all are POST with a JSON body, version 2021-08-20. */
export interface Behaviour {
  read: boolean;
  /** May be sent again when nobody knows whether the first attempt took effect. */
  repeatable: boolean;
  /** `Data: false` in the answer means refused (contracts.md §1, "200 but failed"). */
  falseIsRefusal: boolean;
}

const READS = /^(Describe|Get|Check|List)/;
/** Updates by value: the same request again leads to the same state. */
const BY_VALUE = new Set([
  "ModifyTaskInfo",
  "ModifyTaskInfoDs",
  "ModifyTaskScript",
  "ModifyTaskName",
  "FreezeOpsTasks",
  "BatchModifyOpsOwners",
]);

/** The behaviour of an operation; an unknown one counts as a write that must not be repeated. */
export function behaviourOf(operation: string): Behaviour {
  const read = READS.test(operation);
  return { read, repeatable: read || BY_VALUE.has(operation), falseIsRefusal: !read };
}
