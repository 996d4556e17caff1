// What the picture shows: all of a small report, of a large one the neighbourhood of the chosen path.

const WHOLE_ROWS = 24;
const MOST = { assumers: 8, roles: 6, rights: 8 };
const PRINCIPAL = 0;
const GROUP = 1;
const ROLE_COLUMN = 2;
const RIGHT = 3;

/** Nodes by column, and edges between them; those of the chosen row have `on`. */
function neighbourhood(report, chosen) {
  const whole = report.rows.length <= WHOLE_ROWS;
  const graph = { nodes: new Map(), edges: new Map(), whole };
  const { shown, rest } = shownDelegations(report, chosen, whole);
  for (const delegation of shown) {
    const open = whole || delegation === chosen.delegation;
    addRole(graph, delegation, chosen);
    addAssumers(graph, delegation, chosen, open, whole);
    if (open) addRights(graph, delegation, chosen, whole);
  }
  if (rest) addMore(graph, rest, ROLE_COLUMN, chosen.assumer.arn || chosen.assumer.label, ownerWords(shown[0]));
  return graph;
}

/** The delegations that have a place, and how many others the chosen principal may use. */
function shownDelegations(report, chosen, whole) {
  if (whole) return { shown: report.delegations, rest: 0 };
  const known = chosen.assumer ? report.ofPrincipal.get(chosen.assumer.key) : [];
  const others = new Set(known.map((each) => each.delegation));
  others.delete(chosen.delegation);
  const shown = [chosen.delegation, ...[...others].slice(0, MOST.roles - 1)];
  return { shown, rest: others.size + 1 - shown.length };
}

/** So many of several, the chosen one among them. */
function bounded(several, one, most, whole) {
  if (whole || several.length <= most) return several;
  const first = several.slice(0, most - 1);
  return !one || first.includes(one) ? [...first, several[most - 1]] : [...first, one];
}

function addRole(graph, delegation, chosen) {
  addNode(graph, {
    id: `role ${delegation.index}`,
    column: ROLE_COLUMN,
    kind: "role",
    label: delegation.role,
    note: counted(delegation.rights.length, "right"),
    account: ownerWords(delegation),
    on: delegation === chosen.delegation,
    pick: pathThrough(delegation, chosen.assumer, delegation === chosen.delegation ? chosen.right : null),
  });
}

function addAssumers(graph, delegation, chosen, open, whole) {
  const same = (each) => chosen.assumer !== null && each.key === chosen.assumer.key;
  const every = open ? delegation.assumers : delegation.assumers.filter(same);
  const role = `role ${delegation.index}`;
  if (!every.length && open) {
    const on = delegation === chosen.delegation;
    const nobody = { column: PRINCIPAL, kind: "nobody", label: "nobody", note: "", account: "", on };
    addNode(graph, { id: `nobody ${role}`, ...nobody });
    addEdge(graph, `nobody ${role}`, role, "cannot tell", on);
  }
  const shown = bounded(every, chosen.assumer, MOST.assumers, whole);
  for (const assumer of shown) addAssumer(graph, delegation, assumer, chosen);
  addMore(graph, every.length - shown.length, PRINCIPAL, delegation.arn);
}

function addAssumer(graph, delegation, assumer, chosen) {
  const role = `role ${delegation.index}`;
  const who = `principal ${assumer.key}`;
  const on = assumer === chosen.assumer;
  addNode(graph, {
    id: who,
    column: PRINCIPAL,
    kind: assumer.kind,
    label: whoWords(assumer),
    note: assumer.kind,
    account: assumer.account,
    on: on || (chosen.assumer !== null && assumer.key === chosen.assumer.key),
    pick: pathThrough(delegation, assumer, chosen.right),
  });
  if (!assumer.groups.length) addEdge(graph, who, role, assumer.certainty, on);
  for (const name of assumer.groups) {
    const group = `group ${assumer.account} ${name}`;
    const pick = pathThrough(delegation, assumer, chosen.right);
    const { account } = assumer;
    addNode(graph, { id: group, column: GROUP, kind: "group", label: name, note: "group", account, on, pick });
    addEdge(graph, who, group, "yes", on);
    addEdge(graph, group, role, assumer.certainty, on);
  }
}

function addRights(graph, delegation, chosen, whole) {
  const role = `role ${delegation.index}`;
  const here = delegation === chosen.delegation;
  if (!delegation.rights.length) {
    const nothing = { column: RIGHT, kind: "nothing", label: "nothing", note: "", account: "", on: here };
    addNode(graph, { id: `nothing ${role}`, ...nothing });
    addEdge(graph, role, `nothing ${role}`, "yes", here);
  }
  const shown = bounded(delegation.rights, chosen.right, MOST.rights, whole);
  for (const right of shown) {
    const id = `right ${delegation.index} ${right.place}`;
    const on = right === chosen.right;
    addNode(graph, {
      id,
      column: RIGHT,
      kind: right.classes[right.classes.length - 1] || "unknown",
      label: right.words.replaceAll("`", ""),
      note: right.classes.join(", ") || (right.certain ? "not in the catalogue" : "cannot tell"),
      account: "",
      on,
      pick: pathThrough(delegation, chosen.assumer, right),
    });
    const given = right.conditions.length ? "under conditions" : "yes";
    addEdge(graph, role, id, right.certain ? given : "cannot tell", on);
  }
  addMore(graph, delegation.rights.length - shown.length, RIGHT, delegation.arn);
}

/** A node for those that have no place; picking it searches for them. */
function addMore(graph, number, column, search, account = "") {
  if (number < 1) return;
  const id = `more ${column} ${search}`;
  const label = `and ${number.toLocaleString("en")} more`;
  addNode(graph, { id, column, kind: "more", label, note: "find them in the table", account, search });
}

function addNode(graph, node) {
  const known = graph.nodes.get(node.id);
  if (!known) graph.nodes.set(node.id, node);
  else if (node.on && !known.on) Object.assign(known, { on: true, pick: node.pick });
}

function addEdge(graph, from, to, certainty, on) {
  const id = `${from} > ${to}`;
  const known = graph.edges.get(id);
  if (!known) graph.edges.set(id, { from, to, certainty, on: Boolean(on) });
  else known.on = known.on || Boolean(on);
}

/** A row of this delegation, for this principal and right where it has them, otherwise for its first. */
function pathThrough(delegation, assumer, right) {
  const who = delegation.assumers.find((each) => assumer !== null && each.key === assumer.key);
  const what = right !== null && right.delegation === delegation ? right : delegation.rights[0];
  return { delegation, assumer: who || delegation.assumers[0] || null, right: what || null };
}
