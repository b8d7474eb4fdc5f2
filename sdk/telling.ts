import * as pulumi from "@pulumi/pulumi";

/**
 * Says something about a resource, once the engine knows it. Pulumi's own log waits for the resource and makes every later
 * message of the process wait behind it: a resource that a failed run never registers would hold up all runs to come in a
 * process of the Automation API, without end (measured on 3.230.0). Where it is refused, the message stands by itself.
 */
export function tell(severity: "warning" | "error", message: string, resource: pulumi.Resource): Promise<void> {
  const log = severity === "error" ? pulumi.log.error : pulumi.log.warn;
  const known = (resource.urn as unknown as { promise(): Promise<unknown> }).promise();
  return known.then(
    () => log(message, resource),
    () => log(message),
  );
}
