/** Elements without HTML: text enters as text nodes only, so whatever a patient is called stays text. */
import { ICONS } from "./icons.js";

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "tabIndex", "textContent", "open", "selected"]);

/** Returns a new element; `on` holds listeners, `data` data-attributes, null and false leave an attribute out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined) return;
  if (name === "class") node.className = value;
  else if (name === "on") Object.entries(value).forEach(([event, handler]) => node.addEventListener(event, handler));
  else if (name === "data") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else if (value !== false) node.setAttribute(name, value === true ? "" : value);
}

/** Returns a drawn sign; it is always beside or named by words, so screen readers skip it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const line of ICONS[name]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** Returns a button of words, a sign, or both; `label` names it where it shows the sign alone. */
export function button(props, sign, text) {
  const { label, kind, ...rest } = props;
  return el(
    "button",
    { type: "button", class: kind ?? "button", "aria-label": text ? null : label, title: text ? null : label, ...rest },
    sign ? icon(sign) : null,
    text ? el("span", {}, text) : null,
  );
}

/** Makes `nodes` the children of `parent`, moving only what is not in its place, and keeps the focus where it is. */
export function arrange(parent, nodes) {
  const keep = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  let place = parent.firstChild;
  for (const node of nodes) {
    if (node === place) place = place.nextSibling;
    else moveBefore(parent, node, place);
  }
}

function moveBefore(parent, node, place) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  if (focused) focused.dataset.moving = "1"; // its blur is ours, not the reader's: see statement_editor.js
  parent.insertBefore(node, place);
  if (focused) {
    focused.focus({ preventScroll: true });
    delete focused.dataset.moving;
  }
}

/** Returns the fields of a form as an object: text without spaces around it, but for passwords. */
export function readForm(form) {
  const asTyped = (name, value) => typeof value !== "string" || form.elements[name].type === "password";
  return Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, asTyped(k, v) ? v : v.trim()]));
}
