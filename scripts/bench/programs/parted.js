"use strict";

/** Tasks in equal parts, each a record as a set takes it. */
module.exports = (tasks, parts) => {
  const size = Math.ceil(tasks.length / parts);
  return Array.from({ length: parts }, (_, part) =>
    Object.fromEntries(tasks.slice(part * size, (part + 1) * size).map(({ name, args }) => [name, args])),
  );
};
