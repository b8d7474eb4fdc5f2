/** Search and filters. Without it the page shows everything. */
export const SCRIPT = `
(() => {
  const search = document.querySelector("input[type=search]");
  const buttons = [...document.querySelectorAll(".filters button")];
  const tasks = [...document.querySelectorAll("details.task")];
  const count = document.querySelector("#count");
  let chosen = "";
  const show = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const task of tasks) {
      const fits = (chosen === "" || task.dataset.kind.split(" ").includes(chosen)) &&
        words.every((word) => task.dataset.text.includes(word));
      task.hidden = !fits;
      if (fits) shown += 1;
    }
    count.textContent = shown === tasks.length ? "" : shown + " of " + tasks.length + " tasks";
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => { if (event.key === "Escape") { search.value = ""; show(); } });
  for (const button of buttons) button.addEventListener("click", () => {
    chosen = chosen === button.value ? "" : button.value;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other.value === chosen));
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  });
  const open = () => { const task = document.getElementById(location.hash.slice(1)); if (task) task.open = true; };
  addEventListener("hashchange", open);
  open();
})();
`;
