/** The operation and parameter behind a rule, as the end of its sentence. */
export const sourceOf = (operation: string, parameter: string): string => ` (${operation} 2020-05-18, ${parameter})`;
