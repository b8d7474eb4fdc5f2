import type ts from "typescript";
import type { Field, Placed, Table } from "../../provider/core/fields";
import type { Kind } from "./kinds";
import { type Prose, type Sources } from "./sources";

/** One property of a resource: a group, a leaf, or a member of what a leaf holds. */
export interface Property {
  /** As in `dependencies[].type`. */
  readonly path: string;
  readonly field: Field<unknown>;
  readonly prose: Prose;
  /** The leaf that it is part of; itself for a leaf, nothing for a group. */
  readonly leaf: Placed | undefined;
  readonly members: readonly Property[];
}

/** The name of the interface with the arguments of a kind. */
export const argumentsName = ({ name }: Kind): string => `${name}Arguments`;

/**
 * The properties of a kind with what their doc comments say. A field without a comment, and a comment on what is no
 * field, are refused: the reference would have a hole, or promise something.
 */
export function documented(sources: Sources, kind: Kind): Property[] {
  const declared = sources.exported(kind.argumentsFile, argumentsName(kind));
  const problems: string[] = [];
  const found = properties(kind.fields, sources.typeOf(declared), "", undefined);
  if (problems.length > 0) throw new Error(`${kind.name}: ${problems.join("; ")}`);
  return found;

  function properties(table: Table, type: ts.Type, prefix: string, owner: Placed | undefined): Property[] {
    const members = new Map(sources.members(type).map((member) => [member.name, member]));
    for (const name of members.keys()) {
      if (!Object.hasOwn(table, name)) problems.push(`${prefix}${name} is described and is no field`);
    }
    return Object.entries(table).flatMap(([name, field]): Property[] => {
      const path = `${prefix}${name}`;
      const member = members.get(name);
      if (member === undefined || member.prose.text === "") {
        problems.push(`${path} has no doc comment`);
        return [];
      }
      const leaf = field.kind === "group" ? undefined : (owner ?? { path, leaf: field });
      const inside = insideOf(field);
      const within = inside && sources.objectIn(member.type);
      const separator = field.kind === "list" ? "[]." : ".";
      return [
        {
          path,
          field,
          prose: member.prose,
          leaf,
          members: inside && within ? properties(inside, within, `${path}${separator}`, leaf) : [],
        },
      ];
    });
  }
}

/** The fields inside a field, when it has any. */
export function insideOf(field: Field<unknown>): Table | undefined {
  if (field.kind === "group") return field.fields;
  if (field.kind === "list") return field.item && insideOf(field.item);
  return field.members;
}

/** Every property of a list, members after what they belong to. */
export const all = (properties: readonly Property[]): Property[] =>
  properties.flatMap((property) => [property, ...all(property.members)]);
