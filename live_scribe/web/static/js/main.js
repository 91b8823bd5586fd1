/** The page: who is signed in, and which screen the address names. */
import * as api from "./api.js";
import { Desk } from "./desk.js";
import { showHelp } from "./help_dialog.js";
import { signInAgain, signInPage } from "./sign_in.js";
import { Worklist } from "./worklist.js";

const root = document.getElementById("app");
const app = { user: null, screen: null, asking: null, signedOut, leave };

async function begin() {
  try {
    const { user, role } = await api.session();
    enter({ name: user, role });
  } catch {
    root.replaceChildren(signInPage(enter));
  }
}

function enter(user) {
  app.user = user;
  route();
}

function route() {
  if (!app.user) return;
  const [, visit] = location.hash.match(/^#\/visits\/([\w-]+)$/) ?? [];
  app.screen?.close();
  if (!app.asking) document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  app.screen = visit ? new Desk(app, visit) : new Worklist(app);
  root.replaceChildren(app.screen.root);
}

/** A session ended in the middle of work: ask again over the screen, so that nothing typed is lost. */
async function signedOut() {
  app.asking ??= signInAgain(app.user.name);
  const user = await app.asking;
  app.asking = null;
  if (!user) return false;
  // What the one before had on the screen, and had typed, is not the next one's to see.
  if (user.name !== app.user.name) location.reload();
  return true;
}

/** Signs out and forgets all that was on the screen. */
async function leave() {
  await api.signOut().catch(() => null);
  location.hash = "";
  location.reload();
}

addEventListener("hashchange", route);
addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  showHelp();
});
begin();
