// The report, from the compact JSON in the page: texts and lists by number, each once.

const ROLE = "\ufffc"; // stands for the role's name in the texts about it

/** Delegations with their principals (`assumers`), rights and findings, and the rows that they make. */
function readReport(raw) {
  const { strings } = raw;
  const lists = raw.lists.map((numbers) => numbers.map((number) => strings[number]));
  const origins = raw.origins.map(([where, stack, chain, name, position]) => ({
    where: strings[where],
    stack: strings[stack],
    urn: strings[chain] + strings[name],
    position: strings[position],
  }));
  const read = { raw, strings, lists, origin: (number) => (number < 0 ? null : origins[number]) };
  const delegations = raw.delegations.map((values, index) => readDelegation(values, index, read));
  return { lists, delegations, rows: rowsOf(delegations), ofPrincipal: byPrincipal(delegations) };
}

function readDelegation(values, index, read) {
  const { strings, lists, origin } = read;
  const [owner, alias, partners, role, arn, conditions, session, expires, externalId, created, modified, from] = values;
  const name = strings[role];
  const about = (number) => strings[number].replaceAll(ROLE, () => name);
  const delegation = {
    index,
    owner: strings[owner],
    alias: strings[alias],
    partners: lists[partners],
    role: name,
    arn: about(arn),
    conditions: lists[conditions],
    conditionList: conditions,
    session,
    expires: strings[expires],
    externalId: strings[externalId],
    created: strings[created],
    modified: strings[modified],
    origin: origin(from),
  };
  delegation.findings = values[12].map((one) => readFinding(one, about, read));
  delegation.assumers = values[13].map((one, place) => readAssumer(one, place, delegation, read));
  delegation.rights = values[14].map((one, place) => readRight(one, place, about, delegation, read));
  const grades = delegation.findings.map((each) => GRADES.indexOf(each.grade));
  delegation.gravest = Math.min(GRADES.length, ...grades);
  return delegation;
}

function readFinding([number, ...places], about, { raw, origin }) {
  const [code, grade, title, explanation, mend] = raw.findings[number].map(about);
  return { code, grade, title, explanation, mend, origins: places.map(origin) };
}

function readAssumer(values, place, delegation, { strings, lists, origin }) {
  const [label, kind, account, arn, certainty, conditions, groups, places] = values;
  return {
    place,
    delegation,
    label: strings[label],
    kind: strings[kind],
    account: strings[account],
    arn: strings[arn],
    key: `${strings[arn]} ${strings[label]}`,
    certainty: strings[certainty],
    conditions: lists[conditions],
    groups: lists[groups],
    listNumbers: [conditions, groups],
    origins: places.map(origin),
  };
}

function readRight(values, place, about, delegation, { lists, origin }) {
  const [words, policy, actions, means, classes, resources, conditions, beyond, certain, from] = values;
  return {
    place,
    delegation,
    words: about(words),
    policy: about(policy),
    actions: lists[actions],
    means: lists[means],
    classes: lists[classes],
    resources: lists[resources],
    conditions: lists[conditions],
    listNumbers: [actions, means, classes, resources, conditions],
    beyond: Boolean(beyond),
    certain: Boolean(certain),
    origin: origin(from),
  };
}

/** Every right of every principal; a role that nobody can assume, or that gives nothing, is a row too. */
function rowsOf(delegations) {
  const rows = [];
  for (const delegation of delegations) {
    const { assumers, rights } = delegation;
    for (const assumer of assumers.length ? assumers : [null]) {
      for (const right of rights.length ? rights : [null]) {
        rows.push({ index: rows.length, delegation, assumer, right });
      }
    }
  }
  return rows;
}

/** What each principal may assume, by the principal's key. */
function byPrincipal(delegations) {
  const found = new Map();
  for (const delegation of delegations) {
    for (const assumer of delegation.assumers) {
      const known = found.get(assumer.key);
      if (known) known.push(assumer);
      else found.set(assumer.key, [assumer]);
    }
  }
  return found;
}

/** An account as people know it. */
function ownerWords(delegation) {
  return delegation.alias ? `${delegation.owner} (${delegation.alias})` : delegation.owner;
}

/** Who a row is about. */
function whoWords(assumer) {
  return assumer ? assumer.label.replaceAll("`", "") : "nobody";
}

function rightWords(right) {
  return right ? right.words : "nothing";
}
