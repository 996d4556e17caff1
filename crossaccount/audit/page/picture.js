// The picture: principals, groups, roles and rights from left to right, below each other where it is narrow.

const NARROW = 680;
const NODE = { height: 44, gap: 10, pad: 8, frame: 22, between: 18 };
const HEADINGS = ["Principals", "Groups", "Roles", "Rights"];
const FONTS = { label: "600 13px", note: "11.5px", account: "11.5px" };
const ruler = document.createElement("canvas").getContext("2d");

class Picture {
  constructor(report, onPick, onSearch) {
    this.report = report;
    this.onPick = onPick;
    this.onSearch = onSearch;
    this.place = byId("picture");
    this.place.addEventListener("click", (event) => this.act(event.target.closest("[data-node]")));
    this.place.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => {
      if (this.chosen && this.room() !== this.width) this.draw(this.chosen);
    }).observe(this.place);
  }

  draw(chosen) {
    const held = this.place.contains(document.activeElement) ? document.activeElement.dataset.node : null;
    this.chosen = chosen;
    this.width = this.room();
    this.graph = neighbourhood(this.report, chosen);
    const layout = this.width < NARROW ? below : beside;
    const height = layout(this.graph, this.width);
    const root = svg("svg", {
      role: "group",
      "aria-labelledby": "picture-title",
      "aria-describedby": "picture-help",
      viewBox: `0 0 ${this.width} ${height}`,
      width: this.width,
      height,
    });
    const edges = [...this.graph.edges.values()].sort((one, other) => one.on - other.on);
    root.append(...this.graph.frames, ...edges.map((each) => edgeOf(each, this.graph)));
    const nodes = [...this.graph.nodes.values()];
    nodes.sort((one, other) => one.column - other.column || one.y - other.y); // as they are read aloud
    root.append(...nodes.map(nodeOf));
    this.place.replaceChildren(root);
    this.reach(held);
    byId("picture-help").textContent = this.graph.whole ? WHOLE_HELP : PART_HELP;
  }

  room() {
    const { paddingLeft, paddingRight } = getComputedStyle(this.place);
    return Math.max(200, this.place.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
  }

  /** One node is in the order of the Tab key; arrows go to the others. */
  reach(held) {
    const nodes = [...this.place.querySelectorAll("[data-node]")];
    const kept = nodes.find((each) => each.dataset.node === held);
    const entry = kept || nodes.find((each) => each.classList.contains("on")) || nodes[0];
    if (entry) entry.setAttribute("tabindex", "0");
    if (kept) kept.focus();
  }

  act(element) {
    const node = element && this.graph.nodes.get(element.dataset.node);
    if (!node) return;
    if (node.search) {
      this.onSearch(node.search);
      return;
    }
    element.focus();
    if (node.pick) this.onPick(node.pick);
  }

  key(event) {
    const element = event.target.closest("[data-node]");
    if (!element) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.act(element);
      return;
    }
    const next = this.neighbour(this.graph.nodes.get(element.dataset.node), event.key);
    if (!next) return;
    event.preventDefault();
    element.setAttribute("tabindex", "-1");
    const target = [...this.place.querySelectorAll("[data-node]")].find((each) => each.dataset.node === next.id);
    target.setAttribute("tabindex", "0");
    target.focus();
  }

  /** The node above or below in the column, or the nearest of the next column, on the path if there is one. */
  neighbour(node, key) {
    const nodes = [...this.graph.nodes.values()];
    const column = nodes.filter((each) => each.column === node.column).sort((one, other) => one.y - other.y);
    if (key === "ArrowUp") return column[column.indexOf(node) - 1];
    if (key === "ArrowDown") return column[column.indexOf(node) + 1];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!step) return null;
    const used = [...new Set(nodes.map((each) => each.column))].sort();
    const near = nodes.filter((each) => each.column === used[used.indexOf(node.column) + step]);
    const distance = (each) => Math.abs(each.y - node.y) - (each.on ? 1e6 : 0);
    return near.sort((one, other) => distance(one) - distance(other))[0];
  }
}

const KEYS = "Pick a node by click or Enter, go from node to node by the arrow keys.";
const WHOLE_HELP = `Who gets where, all of this report. ${KEYS}`;
const PART_HELP = `The surroundings of the chosen row; a row of the table, or a node, chooses another. ${KEYS}`;

/** Nodes of a column with those of one account together. */
function columnsOf(graph) {
  const nodes = [...graph.nodes.values()];
  const columns = HEADINGS.map((heading, number) => {
    const inside = nodes.filter((each) => each.column === number);
    const accounts = [...new Set(inside.map((each) => each.account))];
    const boxes = accounts.map((account) => ({ account, nodes: inside.filter((each) => each.account === account) }));
    return { heading, boxes };
  });
  return columns.filter((column) => column.boxes.length);
}

/** Columns from left to right; gives the height. */
function beside(graph, width) {
  graph.frames = [];
  graph.beside = true;
  const columns = columnsOf(graph);
  const gap = Math.min(90, width * 0.07);
  const wide = (width - gap * (columns.length - 1)) / columns.length;
  const heights = columns.map((column) => stack(column.boxes, 0, 0, wide, []));
  const height = Math.max(...heights);
  columns.forEach((column, number) => {
    const x = number * (wide + gap);
    graph.frames.push(svg("text", { x, y: 14, class: "heading" }, column.heading));
    stack(column.boxes, x, 26 + (height - heights[number]) / 2, wide, graph.frames);
  });
  return height + 28;
}

/** Columns below each other, each a little further in; gives the height. */
function below(graph, width) {
  graph.frames = [];
  graph.beside = false;
  let y = 0;
  columnsOf(graph).forEach((column, number) => {
    const x = number * 16;
    graph.frames.push(svg("text", { x: x + 1, y: y + 14, class: "heading" }, column.heading));
    y += 22 + stack(column.boxes, x, y + 22, width - x, graph.frames) + NODE.between;
  });
  return y - NODE.between + 2;
}

/** Places nodes in the frames of their accounts; gives the height. */
function stack(boxes, x, top, width, frames) {
  let y = top;
  let space = 0;
  for (const box of boxes) {
    const inner = box.nodes.length * (NODE.height + NODE.gap) - NODE.gap;
    const framed = box.account !== "";
    if (framed) {
      const height = inner + NODE.frame + NODE.pad;
      frames.push(svg("rect", { x, y, width, height, rx: 8, class: "frame" }));
      const title = shortened(`account ${box.account}`, "account", width - 2 * NODE.frame);
      frames.push(svg("text", { x: x + NODE.frame - 6, y: y + 15, class: "account" }, title));
      y += NODE.frame;
    }
    for (const node of box.nodes) {
      const inset = framed ? NODE.pad : 0;
      Object.assign(node, { x: x + inset, y, width: width - 2 * inset });
      y += NODE.height + NODE.gap;
    }
    y += framed ? NODE.pad - NODE.gap + NODE.between : 0;
    space = framed ? NODE.between : NODE.gap;
  }
  return y - top - space;
}

function edgeOf({ from, to, certainty, on }, graph) {
  const [start, end] = [graph.nodes.get(from), graph.nodes.get(to)];
  const middle = end.y + NODE.height / 2;
  let line;
  if (graph.beside) {
    const [x, y] = [start.x + start.width, start.y + NODE.height / 2];
    const bend = (end.x - x) / 2;
    line = `M${x} ${y}C${x + bend} ${y} ${end.x - bend} ${middle} ${end.x} ${middle}`;
  } else {
    const x = start.x + 6;
    line = `M${x} ${start.y + NODE.height}V${middle}H${end.x}`;
  }
  return svg("path", { d: line, class: `edge ${certainty.replaceAll(" ", "-")}${on ? " on" : ""}` });
}

function nodeOf(node) {
  const { id, x, y, width, kind, label, note, account, on } = node;
  const what = node.column === RIGHT ? "right" : kind;
  const said = [what, label, account && `account ${account}`, note === kind ? "" : note, on ? "on the path" : ""];
  const room = width - 22;
  return svg(
    "g",
    {
      class: `node ${kind.replaceAll(" ", "-")}${on ? " on" : ""}`,
      "data-node": id,
      role: "button",
      tabindex: "-1",
      "aria-pressed": String(Boolean(on)),
      "aria-label": said.filter(Boolean).join(", "),
      transform: `translate(${x} ${y})`,
    },
    svg("title", null, label),
    svg("rect", { width, height: NODE.height, rx: 6, class: "box" }),
    svg("rect", { width: 4, height: NODE.height - 12, x: 5, y: 6, rx: 2, class: "bar" }),
    svg("text", { x: 16, y: note ? 18 : 27, class: "label" }, shortened(label, "label", room)),
    note ? svg("text", { x: 16, y: 35, class: "note" }, shortened(note, "note", room)) : null,
  );
}

/** As much of a text as there is room for. */
function shortened(text, role, room) {
  ruler.font = `${FONTS[role]} ${getComputedStyle(document.body).fontFamily}`;
  const letters = [...text.slice(0, 400)];
  if (letters.length === text.length && ruler.measureText(text).width <= room) return text;
  let [least, most] = [0, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (ruler.measureText(`${letters.slice(0, middle).join("")}\u2026`).width <= room) least = middle;
    else most = middle - 1;
  }
  return `${letters.slice(0, least).join("")}\u2026`;
}
