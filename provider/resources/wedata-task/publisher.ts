import { type Fields, map, record, text } from "../../core/fields";
import { writing } from "./spelling";

/** An event that a shell task publishes when it has run. Source: ModifyTaskInfoDs, RegisterDsEventPublisherRequest. */
export interface EventPublisher {
  /** Key of the event. */
  key: string;
  /** Its type, as the service knows it; no document lists the types. */
  type?: string;
  /** Its properties by name. */
  properties?: Record<string, string>;
  /** What it is for. */
  description?: string;
}

/** Assumption, named here alone: `EventPublisherConfig`, which reads show, is text of an undocumented form and is not read. */
export const publisherField = record<EventPublisher>(
  {
    key: text({ required: true, pattern: [/\S/, "no blank text"] }),
    type: text(),
    properties: map(),
    description: text(),
  } satisfies Fields<EventPublisher>,
  {
    writeOnly: true,
    wire: { ModifyTaskInfoDs: "RegisterDsEventPublisherRequest" },
    to: ({ key, type, properties, description }, trip) => ({
      ProjectId: writing(trip).projectId,
      Key: key,
      Type: type,
      Properties: properties && Object.entries(properties).map(([ParamKey, ParamValue]) => ({ ParamKey, ParamValue })),
      Description: description,
    }),
  },
);
