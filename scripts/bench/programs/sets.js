"use strict";
// Sets of this package, the tasks in equal parts.
const { DataWorksTaskSet, WeDataTaskSet } = require("pulumi-data-tasks");
const tasksOf = require("./arguments");
const parted = require("./parted");

module.exports = (plan) => {
  const Set = plan.shape === "wedata" ? WeDataTaskSet : DataWorksTaskSet;
  parted(tasksOf(plan), plan.sets).forEach((tasks, index) => new Set(`set-${index}`, { tasks }));
};
