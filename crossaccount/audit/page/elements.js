// Elements of the page. Whatever a state says becomes text or an attribute's value, never markup.

const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

/** An HTML element with attributes and children; texts become text nodes, null children are left out. */
function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A sentence of the report; what it has between backticks is code. */
function prose(text) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, number) => (number % 2 ? el("code", null, part) : part));
}

/** `1 role`, `2,000 roles`. */
function counted(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/** A moment as far as people read it: the day, or day and time. */
function day(moment) {
  return moment.slice(0, 10);
}

function toTheSecond(moment) {
  return moment.replace(/\.\d+/, "");
}

/** The longest session in words. */
function sessionWords(seconds) {
  if (seconds === null) return "session length not told";
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [
    hours ? counted(hours, "hour") : "",
    minutes ? counted(minutes, "minute") : "",
    seconds % 60 ? counted(seconds % 60, "second") : "",
  ].filter(Boolean);
  return `sessions of at most ${parts.join(" ") || "0 seconds"}`;
}

const GRADES = ["high", "medium", "low", "note"];

/** The mark of a grade, `high`, or of a class of access, `read`. */
function mark(kind, text) {
  return el("span", { class: `${kind} ${text.replaceAll(" ", "-")}` }, text);
}
