/** The region that an endpoint is of; the others take calls for all, which name theirs. */
export const regionIn = (hostname: string): string | undefined =>
  /^wedata\.([a-z]{2,}-[a-z0-9-]+)\.tencentcloudapi\.com$/.exec(hostname)?.[1];

/** Whether calls for the region may go to this host. */
export const serves = (hostname: string, region: string): boolean => (regionIn(hostname) ?? region) === region;
