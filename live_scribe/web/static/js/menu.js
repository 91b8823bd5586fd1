/** A small menu under a button, by the browser's own popover: Escape and a click beside it close it. */
import { el } from "./dom.js";

const MARGIN_PX = 8;

/** Opens a menu at `anchor`. `items`: {text, run, checked}, {text, href, download, open} or {heading}. */
export function openMenu(anchor, items) {
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  menu.append(...items.map((item) => (item.heading ? heading(item) : entry(item, menu))));
  menu.addEventListener("keydown", (event) => step(menu, event));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    menu.remove();
    if (!document.activeElement || document.activeElement === document.body) anchor.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, anchor);
  menu.querySelector("[role^=menuitem]")?.focus();
}

const heading = (item) => el("div", { class: "menu-heading", role: "presentation" }, item.heading);

function entry(item, menu) {
  const choose = () => {
    menu.hidePopover();
    item.run?.();
  };
  const checked = item.checked === undefined ? null : String(item.checked);
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const props = { role, "aria-checked": checked, class: "menu-item", on: { click: choose } };
  return item.href
    ? el("a", { ...props, href: item.href, ...(item.open ? { target: "_blank" } : { download: item.download ?? true }) }, item.text)
    : el("button", { ...props, type: "button" }, item.text);
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const below = innerHeight - at.bottom > menu.offsetHeight + MARGIN_PX || at.top < menu.offsetHeight;
  menu.style.left = `${Math.max(MARGIN_PX, Math.min(at.left, innerWidth - menu.offsetWidth - MARGIN_PX))}px`;
  menu.style.top = `${below ? at.bottom + 4 : at.top - menu.offsetHeight - 4}px`;
}

function step(menu, event) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role^=menuitem]")];
  items[(items.indexOf(document.activeElement) + move + items.length) % items.length]?.focus();
}
