/** Signing in: as a page of its own, or over the desk when a session has ended in the middle of work. */
import * as api from "./api.js";
import { field, openDialog } from "./dialog.js";
import { el, icon, readForm } from "./dom.js";
import { S } from "./strings.js";

/** Returns the sign-in page; calls `done(user)` with who signed in. */
export function signInPage(done) {
  const error = el("p", { class: "form-error", role: "alert" });
  const go = el("button", { type: "submit", class: "button primary wide" }, S.signIn);
  const form = el("form", { class: "sign-in-card" },
    el("div", { class: "brand large" }, icon("wave"), el("h1", {}, S.name)),
    el("p", { class: "muted" }, S.tagline),
    ...fields(), error, go);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    error.textContent = "";
    try {
      done(await signIn(readForm(form)));
    } catch (exc) {
      error.textContent = exc.message;
      form.elements.password.select();
    } finally {
      go.disabled = false;
    }
  });
  queueMicrotask(() => form.elements.username.focus());
  return el("main", { class: "sign-in" }, form);
}

/** Asks to sign in again, over whatever is open; resolves with who did, or with null where nobody did. */
export function signInAgain(username) {
  return new Promise((resolve) => {
    const { dialog } = openDialog({
      title: S.signIn,
      body: [el("p", {}, S.signedOut), ...fields(username)],
      action: S.signIn,
      submit: async (values) => resolve(await signIn(values)),
    });
    dialog.addEventListener("close", () => resolve(null));
  });
}

function fields(username = "") {
  return [
    field(S.username, el("input", { name: "username", autocomplete: "username", required: true, value: username, autocapitalize: "none", spellcheck: "false" })),
    field(S.password, el("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
  ];
}

async function signIn(values) {
  const { user, role } = await api.signIn(values.username, values.password);
  return { name: user, role };
}
