// The table of rights: a page of rows at a time, and for print all that were found, up to a bound.

const PRINTED_ROWS = 2000;
const LETTERS = 500; // of a cell; the path has the whole text
const narrow = matchMedia("screen and (max-width: 820px)"); // where table.css makes a card of each row

function pageRows() {
  return narrow.matches ? 15 : 50;
}

const COLUMNS = [
  { name: "who", title: "Principal", key: ({ assumer }) => (assumer ? `${whoWords(assumer)} ${assumer.account}` : "") },
  { name: "role", title: "Role", key: ({ delegation }) => `${delegation.role.toLowerCase()} ${delegation.arn}` },
  { name: "may", title: "May", key: ({ right }) => (right ? right.words : "") },
  { name: "ends", title: "Ends", key: ({ delegation }) => delegation.expires || "never" },
  { name: "changed", title: "Changed", key: ({ delegation }) => delegation.modified },
  {
    name: "findings",
    title: "Findings",
    key: ({ delegation }) => delegation.gravest * 1000 - delegation.findings.length,
  },
];

class Table {
  constructor(report, search, onPick) {
    this.report = report;
    this.search = search;
    this.words = [];
    this.passes = null;
    this.column = null;
    this.descending = false;
    this.page = 0;
    this.chosen = null;
    this.printing = false;
    this.body = byId("table").querySelector("tbody");
    this.drawHead();
    this.body.addEventListener("click", (event) => {
      const line = event.target.closest("tr");
      if (line && !String(getSelection())) onPick(this.report.rows[Number(line.dataset.row)], event.detail === 0);
    });
    this.body.addEventListener("keydown", (event) => this.move(event));
    narrow.addEventListener("change", () => {
      this.page = 0;
      this.draw();
    });
    byId("previous").addEventListener("click", () => this.turn(-1));
    byId("next").addEventListener("click", () => this.turn(1));
  }

  drawHead() {
    this.heads = COLUMNS.map((column) => {
      const button = el("button", { type: "button" }, column.title);
      button.addEventListener("click", () => this.sort(column));
      return el("th", { scope: "col", role: "columnheader", "aria-sort": "none", class: column.name }, button);
    });
    byId("table").querySelector("thead").replaceChildren(el("tr", { role: "row" }, this.heads));
  }

  sort(column) {
    this.descending = this.column === column && !this.descending;
    this.column = column;
    COLUMNS.forEach((each, number) => {
      const direction = this.descending ? "descending" : "ascending";
      this.heads[number].setAttribute("aria-sort", each === column ? direction : "none");
    });
    this.show(this.words, this.passes);
  }

  /** The rows that have all words and pass. */
  show(words, passes) {
    this.words = words;
    this.passes = passes;
    this.found = this.search.find(words, passes, this.search.ordered(this.column, this.descending));
    this.page = 0;
    this.draw();
    byId("count").textContent = this.countWords();
  }

  countWords() {
    const [found, all] = [this.found.length, this.report.rows.length];
    if (!all) return "No right of anybody: there is no delegation.";
    const roles = new Set(this.found.map((row) => row.delegation)).size;
    const of = found === all ? counted(all, "row") : `${found.toLocaleString("en")} of ${counted(all, "row")}`;
    return `${of}, ${counted(roles, "role")}`;
  }

  turn(step) {
    this.page += step;
    this.draw();
    byId("scroll").scrollTop = 0;
    byId("count").textContent = `${this.countWords()}; ${byId("page").textContent}`;
  }

  /** Shows a page's rows, on paper those of all pages up to a bound. */
  draw() {
    const first = this.printing ? 0 : this.page * pageRows();
    const shown = this.printing ? PRINTED_ROWS : pageRows();
    this.body.replaceChildren(...this.found.slice(first, first + shown).map((row) => this.line(row)));
    const pages = Math.max(1, Math.ceil(this.found.length / pageRows()));
    byId("pages").hidden = pages === 1;
    byId("page").textContent = `page ${(this.page + 1).toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    byId("previous").disabled = this.page === 0;
    byId("next").disabled = this.page + 1 >= pages;
  }

  line(row) {
    const { delegation, assumer, right } = row;
    const cells = [
      el("th", { scope: "row", role: "rowheader" }, whoCell(row)),
      el("td", null, el("span", { class: "name" }, brief(delegation.role)), small(`of ${ownerWords(delegation)}`)),
      el("td", null, prose(brief(rightWords(right))), right ? marks(right.classes) : null),
      el("td", null, date(delegation.expires) || "never"),
      el("td", null, date(delegation.modified) || "not recorded"),
      el("td", null, findingsCell(delegation)),
    ];
    cells.forEach((cell, number) => {
      cell.dataset.label = COLUMNS[number].title;
      if (number) cell.setAttribute("role", "cell");
    });
    const current = row === this.chosen ? "true" : null;
    return el("tr", { role: "row", "data-row": row.index, "aria-current": current }, cells);
  }

  /** Marks the row whose path the picture shows. */
  choose(row) {
    this.chosen = row;
    for (const line of this.body.children) {
      if (Number(line.dataset.row) === row.index) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  }

  /** Back to the button of the chosen row, or to the table where the row is on another page. */
  focus() {
    (this.body.querySelector("[aria-current] button") || byId("rights")).focus();
  }

  move(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && event.target.closest("tr")[step];
    if (!next) return;
    event.preventDefault();
    next.querySelector("button").focus();
  }

  /** On paper: all that was found, up to the bound, and words that say so. */
  print(printing) {
    this.printing = printing;
    this.draw();
    if (!printing) return;
    const more = this.found.length - PRINTED_ROWS;
    const said = more > 0 ? `; printed are the first ${PRINTED_ROWS.toLocaleString("en")}, the CSV has all` : "";
    const searched = this.words.length ? `Search: ${this.words.join(" ")}. ` : "";
    byId("print-note").textContent = `${searched}${this.countWords()}${said}.`;
  }
}

function whoCell({ delegation, assumer }) {
  const follow = `${whoWords(assumer)}: follow the path to role ${delegation.role}`;
  const button = el("button", { type: "button", class: "pick", "aria-label": follow }, brief(whoWords(assumer)));
  if (!assumer) return [button, small("no principal is trusted and granted it")];
  const through = assumer.groups.length ? ` through ${assumer.groups.join(", ")}` : "";
  const account = assumer.account ? `of ${assumer.account}${through}` : "";
  const doubt = assumer.certainty === "yes" ? null : mark("certainty", assumer.certainty);
  return [button, small(account), doubt];
}

function brief(text) {
  return text.length > LETTERS ? `${text.slice(0, LETTERS)}\u2026` : text;
}

function small(text) {
  return el("small", null, brief(text));
}

function date(moment) {
  return moment && el("span", { class: "date" }, day(moment));
}

function marks(classes) {
  return el("span", { class: "marks" }, classes.map((each) => mark("access", each)));
}

function findingsCell(delegation) {
  const { findings } = delegation;
  if (!findings.length) return "none";
  const rest = findings.length > 1 ? el("span", { class: "times" }, ` and ${findings.length - 1} more`) : null;
  return [mark("grade", findings[0].grade), rest];
}
