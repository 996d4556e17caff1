// What the page does when it opens.

const report = readReport(JSON.parse(byId("data").textContent));
const table = new Table(report, new Search(report), choose);
const picture = new Picture(report, choose, searchFor);
const MOST_ACCOUNTS = 500;

/** Follows a path: marks it in the picture and tells it in words. */
function choose(path, byKeyboard) {
  const { delegation, assumer, right } = path;
  const before = placeOf(assumer) * Math.max(1, delegation.rights.length) + placeOf(right);
  const row = report.rows[firstRow(delegation) + before];
  table.choose(row);
  byId("picture-section").hidden = false;
  picture.draw(row);
  byId("path").replaceChildren(...pathWords(row).flat());
  const said = [whoWords(row.assumer), `role ${delegation.role}`, rightWords(row.right)];
  byId("path-said").textContent = said.join(", ");
  if (byKeyboard === true) byId("picture-title").focus();
  else if (byKeyboard === false) byId("picture-section").scrollIntoView({ block: "nearest", behavior: moves() });
}

function placeOf(part) {
  return part ? part.place : 0;
}

const firstRows = [];
report.rows.forEach(({ delegation }, index) => {
  if (firstRows[delegation.index] === undefined) firstRows[delegation.index] = index;
});
function firstRow(delegation) {
  return firstRows[delegation.index];
}

function moves() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

function searchFor(text) {
  byId("filters").reset();
  byId("search").value = text;
  filter();
  byId("rights-section").scrollIntoView({ block: "start", behavior: moves() });
  byId("search").focus({ preventScroll: true });
}

function filter() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  table.show(words, passesOf(byId("by-grade").value, byId("by-class").value, byId("by-account").value));
}

/** Whether a row passes the three choices; null where all do. */
function passesOf(grade, access, account) {
  if (!grade && !access && !account) return null;
  return ({ delegation, assumer, right }) =>
    (!grade || hasGrade(delegation, grade)) &&
    (!access || (right !== null && right.classes.includes(access))) &&
    (!account ||
      delegation.owner === account ||
      delegation.partners.includes(account) ||
      (assumer !== null && assumer.account === account));
}

function hasGrade({ findings }, grade) {
  return grade === "none" ? !findings.length : findings.some((each) => each.grade === grade);
}

function fillChoices() {
  const used = (values) => [...new Set(values)].filter(Boolean).sort();
  const { delegations } = report;
  const grades = GRADES.filter((grade) => delegations.some((each) => each.findings.some((one) => one.grade === grade)));
  options("by-grade", "any or none", [...grades, "none"]);
  options("by-class", "any", used(delegations.flatMap((each) => each.rights.flatMap((right) => right.classes))));
  const accounts = delegations.flatMap((each) => [each.owner, ...each.partners]);
  options("by-account", "any", used(accounts).slice(0, MOST_ACCOUNTS));
}

function options(id, all, values) {
  const others = values.map((value) => el("option", { value }, value));
  byId(id).replaceChildren(el("option", { value: "" }, all), ...others);
}

function startFilters() {
  fillChoices();
  const form = byId("filters");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  for (const button of document.querySelectorAll("button.show")) {
    button.hidden = false;
    button.addEventListener("click", () => searchFor(button.dataset.search));
  }
}

function startTheme() {
  const button = byId("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const label = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Change to ${isDark() ? "light" : "dark"} colours`);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    label();
  });
  dark.addEventListener("change", label);
  label();
}

function startPrint() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
    table.print(true);
  });
  addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
    table.print(false);
  });
}

byId("rights-section").hidden = false;
startTheme();
startFilters();
startPrint();
byId("back").addEventListener("click", () => table.focus());
filter();
if (report.rows.length) choose(table.search.ordered(COLUMNS[5], false)[0]);
addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  byId("search").focus();
});
