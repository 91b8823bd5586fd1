/** The foot of a signed note: who signed, and what was added since. */
import { el, icon } from "./dom.js";
import { moment } from "./format.js";
import { S } from "./strings.js";

/** Returns the nodes of signature and addenda. */
export function signatureBlock({ signature, addenda }) {
  if (!signature) return [];
  const signed = el("div", { class: "signature" }, icon("signature"),
    el("div", {}, el("strong", {}, S.signedBy(signature.by, moment(signature.at))), signature.attestation ? el("p", { class: "muted" }, signature.attestation) : null));
  const added = addenda.map((a) => el("div", { class: "addendum", data: { addendum: a.id } }, el("p", { class: "addendum-text" }, a.text), el("small", { class: "muted" }, S.addendumBy(a.by, moment(a.at)))));
  return [signed, ...added];
}
