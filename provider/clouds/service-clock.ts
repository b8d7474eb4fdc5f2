import type { IncomingHttpHeaders } from "node:http";
import type { Cloud } from "../core/errors";

/** The time of a service, as its answers tell it. Signatures carry it, and are refused when it is another one. */
export interface ServiceClock {
  /** By how many milliseconds it is ahead of this machine's, as far as is known. */
  readonly ahead: () => number;
  /** Learns it from the Date of an answer that refused a time; false when that time was right as far as it tells. */
  readonly correct: (headers: IncomingHttpHeaders | undefined, aheadThen: number) => boolean;
}

const NAMES: Readonly<Record<Cloud, string>> = { dataworks: "Alibaba Cloud's", wedata: "Tencent Cloud's" };

/** Less than this is no reason for a refusal: both clouds allow minutes. */
const LEAST_MILLISECONDS = 5_000;

/** A clock that begins as this machine's. `warn` is told once that they differ. */
export function serviceClock(cloud: Cloud, warn: (message: string) => void): ServiceClock {
  let ahead = 0;
  let warned = false;
  return {
    ahead: () => ahead,
    correct(headers, aheadThen) {
      const measured = Date.parse(headers?.date ?? "") - Date.now();
      // Of several calls under way at once each has been signed by the old time.
      if (Number.isNaN(measured) || Math.abs(measured - aheadThen) < LEAST_MILLISECONDS) return false;
      if (Math.abs(measured - ahead) >= LEAST_MILLISECONDS) ahead = measured;
      if (!warned) {
        warned = true;
        warn(
          `this machine's clock is ${inWords(Math.abs(ahead))} ${ahead > 0 ? "behind" : "ahead of"} ${NAMES[cloud]}, which refuses calls signed with it; this run goes on with the corrected time, set the clock (NTP) before the next one`,
        );
      }
      return true;
    },
  };
}

function inWords(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1.5) return `${String(Math.round(milliseconds / 1000))} s`;
  return minutes < 120 ? `${String(Math.round(minutes))} min` : `${String(Math.round(minutes / 60))} h`;
}
