// Search and order of the rows. A text that many rows share is searched once, not once for each row.

/** Finds rows; its texts are made lower case once, when the page opens. */
class Search {
  constructor(report) {
    this.rows = report.rows;
    this.delegations = report.delegations;
    this.listTexts = report.lists.map((texts) => texts.join("\n").toLowerCase());
    this.parts = [];
    for (const delegation of report.delegations) {
      this.index(delegation, delegationText(delegation), [delegation.conditionList]);
      for (const each of delegation.assumers) this.index(each, assumerText(each), each.listNumbers);
      for (const each of delegation.rights) this.index(each, rightText(each), each.listNumbers);
    }
    this.orders = new Map();
  }

  index(part, text, lists) {
    part.text = text.toLowerCase();
    part.searchLists = lists;
    part.hit = true;
    this.parts.push(part);
  }

  /** The rows, in an order, that have every word, and pass the filter. */
  find(words, passes, order) {
    let found = order;
    for (const word of words) {
      const inLists = this.listTexts.map((text) => text.includes(word));
      for (const part of this.parts) {
        part.hit = part.text.includes(word) || part.searchLists.some((number) => inLists[number]);
      }
      found = found.filter(hits);
    }
    return passes ? found.filter(passes) : found;
  }

  /** All rows by a column, kept for the next time; equal ones stay as the report has them. */
  ordered(column, descending) {
    if (!column) return this.rows;
    const name = `${column.name} ${descending}`;
    if (!this.orders.has(name)) this.orders.set(name, sorted(this.rows, column.key, descending));
    return this.orders.get(name);
  }
}

function hits({ delegation, assumer, right }) {
  return delegation.hit || (assumer !== null && assumer.hit) || (right !== null && right.hit);
}

function sorted(rows, key, descending) {
  const keys = rows.map(key);
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [first, second] = [keys[one.index], keys[other.index]];
    if (first === second) return one.index - other.index;
    return (first < second ? -1 : 1) * sign;
  });
}

function delegationText(each) {
  const findings = each.findings.map((one) => `${one.grade} ${one.code} ${one.title}`);
  return [
    each.owner, each.alias, ...each.partners, each.arn, each.expires || "never", each.created, each.modified,
    originText(each.origin), `external id ${each.externalId}`, ...findings,
    each.assumers.length ? "" : "nobody", each.rights.length ? "" : "nothing",
  ].join("\n");
}

function assumerText(each) {
  return [each.label, each.kind, each.account, each.arn, each.certainty, ...each.origins.map(originText)].join("\n");
}

function rightText(each) {
  return [each.words, each.policy, originText(each.origin)].join("\n");
}

function originText(origin) {
  return origin ? `${origin.position}\n${origin.urn}\n${origin.where}` : "";
}
