// The chosen path in words: who, through which group, which role, which right, each with its evidence.

/** A list of steps, then the findings of the delegation. */
function pathWords(chosen) {
  const { delegation, assumer, right } = chosen;
  const steps = [assumer ? assumerStep(assumer) : step("nobody", "Nobody can assume the role", [], [])];
  if (assumer) steps.push(...assumer.groups.map((group) => groupStep(group, assumer)));
  steps.push(roleStep(delegation), right ? rightStep(right) : step("nothing", "It gives nothing", [], []));
  return [el("ol", { class: "steps" }, steps), findingsOf(delegation)];
}

function step(kind, title, facts, origins) {
  return el(
    "li",
    { class: `step ${kind.replaceAll(" ", "-")}` },
    el("h3", null, prose(title)),
    el("ul", null, facts.filter(Boolean).map((fact) => el("li", null, Array.isArray(fact) ? fact : prose(fact)))),
    origins.filter(Boolean).map(evidence),
  );
}

function assumerStep(assumer) {
  const certain = {
    yes: "may assume the role, for sure",
    "under conditions": "may assume the role under conditions",
    "cannot tell": "may perhaps assume the role: that cannot be told",
  };
  const facts = [
    assumer.arn ? [el("code", null, assumer.arn)] : null,
    assumer.account && !assumer.label.includes(assumer.account) ? `of account \`${assumer.account}\`` : null,
    certain[assumer.certainty] || assumer.certainty,
    ...assumer.conditions.map((words) => `if ${words}`),
  ];
  return step("principal", capital(assumer.label), facts, assumer.origins);
}

function groupStep(group, assumer) {
  return step("group", `Through group \`${group}\``, [assumer.account ? `of account \`${assumer.account}\`` : null], []);
}

function roleStep(delegation) {
  const partners = delegation.partners.map((each) => `\`${each}\``).join(", ");
  const facts = [
    [el("code", null, delegation.arn)],
    `of account \`${ownerWords(delegation)}\``,
    partners ? `trusts account ${partners}` : null,
    ...delegation.conditions.map((words) => `trusts if ${words}`),
    `external id: ${delegation.externalId}`,
    sessionWords(delegation.session),
    delegation.expires ? `expires ${delegation.expires}` : "never expires",
    delegation.created ? `created ${toTheSecond(delegation.created)}` : "created at a time that is not recorded",
    delegation.modified ? `last changed ${toTheSecond(delegation.modified)}` : "last change not recorded",
    delegation.origin ? null : "no given stack declares it",
  ];
  return step("role", `Role \`${delegation.role}\``, facts, [delegation.origin]);
}

function rightStep(right) {
  const facts = [
    right.policy ? `by ${right.policy}` : null,
    right.classes.length ? ["access: ", ...right.classes.map((each) => mark("access", each))] : null,
    right.actions.length ? folded("actions as written", right.actions) : null,
    right.means.length ? folded("actions they stand for", right.means) : null,
    right.beyond ? "and actions that are not in the catalogue" : null,
    right.resources.length ? folded("on", right.resources) : null,
    ...right.conditions.map((words) => `if ${words}`),
    right.certain ? null : "that cannot be told for sure",
  ];
  return step("right", capital(right.words), facts, [right.origin]);
}

/** A few values in a line; many are folded. */
function folded(name, values) {
  const codes = values.flatMap((value, number) => [number ? " " : "", el("code", null, value)]);
  if (values.length <= 6) return [`${name}: `, ...codes];
  return [el("details", null, el("summary", null, `${name}: ${values.length.toLocaleString("en")}`), codes)];
}

function evidence(origin) {
  const parts = [origin.position, origin.urn, origin.where].filter(Boolean);
  const said = el("span", { class: "unseen" }, "Evidence: ");
  return el("p", { class: "evidence" }, said, parts.map((part) => el("code", null, part)));
}

function findingsOf(delegation) {
  const { findings } = delegation;
  if (!findings.length) return el("p", { class: "hint" }, "No finding is about this role.");
  const told = findings.map((each) =>
    el(
      "li",
      null,
      mark("grade", each.grade),
      el("div", null, el("b", null, prose(each.title)), el("p", null, prose(each.explanation)), mendOf(each)),
    ),
  );
  return [el("h3", { class: "about" }, "Findings about this role"), el("ul", { class: "about" }, told)];
}

function mendOf(finding) {
  return el("p", { class: "mend" }, el("b", null, "Mend: "), prose(finding.mend));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
