import { UNKNOWN, holdsUnknown, isAsset, isObject } from "../../provider/core/fields";
import { stableText } from "../../provider/core/record";
import type { Tree } from "../preview/preview";

/** Whether a state holds what was reviewed: a value that was not known then may be any. */
export const isAsReviewed = (reviewed: Tree, stored: Tree): boolean =>
  Object.entries(reviewed).every(([name, value]) => matches(value, stored[name]));

function matches(reviewed: unknown, stored: unknown): boolean {
  if (reviewed === UNKNOWN || (typeof reviewed === "string" && reviewed.includes(UNKNOWN))) return true;
  if (isAsset(reviewed) && isAsset(stored)) return reviewed.hash === stored.hash;
  if (Array.isArray(reviewed) && Array.isArray(stored))
    return (
      holdsUnknown(reviewed) ||
      (reviewed.length === stored.length && reviewed.every((item, at) => matches(item, stored[at])))
    );
  if (isObject(reviewed) && isObject(stored)) return isAsReviewed(reviewed, stored);
  return stableText(reviewed) === stableText(stored);
}
