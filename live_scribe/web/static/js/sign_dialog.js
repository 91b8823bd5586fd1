/** The steps that need a person's word: ending, returning, signing, adding to what is signed. */
import * as api from "./api.js";
import { field, openDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { blocks, countIn } from "./flags.js";
import { S } from "./strings.js";

const MOST_SHOWN = 6; // lines in a dialog; the whole list stands in the note

const password = () => field(S.password, el("input", { name: "password", type: "password", required: true, autocomplete: "current-password" }));

/** Asks whether the visit is over. `before()` runs first: the last sound must be safe. */
export function askToEnd(desk, meter) {
  let told = false;
  let over = false;
  const { dialog, go } = openDialog({
    title: S.endAsk,
    body: el("p", {}, S.endHint),
    action: S.end,
    submit: async () => {
      const left = await meter.drain();
      if (left > 0 && !told) {
        told = true;
        go.textContent = S.endAnyway;
        throw new Error(S.notSafe(left));
      }
      await api.move(desk.visitId, "end");
      over = true;
    },
  });
  dialog.addEventListener("close", () => over || meter.release());
}

/** Asks what the scribe should change. */
export function askToReturn(desk) {
  openDialog({
    title: S.returnTitle,
    body: field(S.returnHint, el("textarea", { name: "comment", rows: 4, required: true })),
    action: S.return,
    submit: ({ comment }) => api.move(desk.visitId, "return", { comment }),
  });
}

/** Asks for the signature. A note that changes under the signer's eyes must be looked at again. */
export function askToSign(desk) {
  const doubtful = countIn(desk.view, blocks);
  const { seq } = desk.view;
  const read = api.visit(desk.visitId);
  read.catch(() => {}); // said when it is waited for
  const look = () => {
    opened.dialog.close();
    desk.nextFlag();
  };
  const warning = doubtful
    ? el("div", { class: "warning" }, el("span", {}, S.unconfirmed(doubtful)), button({ kind: "button small", on: { click: look } }, null, S.showThem))
    : null;
  const agree = el("label", { class: "check" }, el("input", { type: "checkbox", name: "agree", required: true }), el("span", {}, S.attestation));
  const opened = openDialog({
    title: S.signTitle,
    body: [el("p", {}, S.signHint), warning, notInNote(desk, () => opened), agree, password()],
    action: S.sign,
    submit: async (values) => {
      // The service signs only what has this hash: nothing can change between the reading and the signature.
      const shown = await read;
      if (shown.seq !== seq || desk.view.seq !== seq) throw new Error(S.changedWhileReading);
      await api.move(desk.visitId, "sign", { password: values.password, attestation: S.attestation, content_hash: shown.note.content_hash });
    },
  });
  opened.go.disabled = doubtful > 0;
}

/** Hands the note to the provider; where facts were heard that it lacks, they are shown first. */
export async function askToSubmit(desk) {
  const submit = () => api.move(desk.visitId, "submit");
  if (!desk.note.lacks.lines.length) return submit();
  const opened = openDialog({ title: S.lacks.submitTitle, body: notInNote(desk, () => opened), action: S.submit, submit });
  return opened;
}

/** Returns what was heard and is not in the note, the first few lines of it; it never keeps anybody from signing. */
function notInNote(desk, opened) {
  const { lines } = desk.note.lacks;
  if (!lines.length) return null;
  const look = () => {
    opened().dialog.close();
    desk.note.lacks.next();
  };
  const rest = lines.length - MOST_SHOWN;
  const shown = [...lines.slice(0, MOST_SHOWN).map((line) => line.text), ...(rest > 0 ? [S.lacks.more(rest)] : [])];
  return el("div", { class: "lacks-told" }, el("div", { class: "lacks-told-head" }, el("span", {}, S.lacks.told(lines.length)), button({ kind: "button small", on: { click: look } }, null, S.showThem)),
    el("ul", { class: "lacks-lines" }, shown.map((text) => el("li", {}, text))));
}

/** Asks for text to stand behind the signed note. */
export function askForAddendum(desk) {
  openDialog({
    title: S.addendumTitle,
    body: [field(S.addendumText, el("textarea", { name: "text", rows: 5, required: true })), password()],
    action: S.addendum,
    submit: ({ text, password: secret }) => api.move(desk.visitId, "addenda", { text, password: secret }),
  });
}
