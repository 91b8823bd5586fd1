/** The service over HTTP: one function a call. Errors are ApiError with the service's own code and sentence. */
const ROOT = "/api/v1";

export class ApiError extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

async function call(method, path, body) {
  const json = body !== undefined && !(body instanceof FormData || body instanceof Blob);
  let response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers: json ? { "content-type": "application/json" } : {},
      body: json ? JSON.stringify(body) : body,
    });
  } catch {
    throw new ApiError(0, "offline", "The service cannot be reached.");
  }
  if (!response.ok) throw await problem(response);
  return response.status === 204 ? null : response.json();
}

async function problem(response) {
  const told = await response.json().catch(() => ({}));
  return new ApiError(response.status, told.code ?? "error", told.detail ?? response.statusText);
}

/** Returns the address of a visit's part, for links, players and sockets. */
export const visitPath = (id, part = "") => `${ROOT}/visits/${encodeURIComponent(id)}${part}`;

export const session = () => call("GET", "/session");
export const signIn = (username, password) => call("POST", "/session", { username, password });
export const signOut = () => call("DELETE", "/session");
export const templates = () => call("GET", "/templates");
export const languages = () => call("GET", "/languages");
export const samples = () => call("GET", "/samples");
export const openVisit = (visit) => call("POST", "/visits", visit);
export const playSample = (sample) => call("POST", "/visits/import", { sample, speed: 1 });
export const useOwnMicrophone = (id) => call("POST", `/visits/${encodeURIComponent(id)}/microphone`, {});

export const terms = () => call("GET", "/terms");
export const addTerm = (term) => call("POST", "/terms", term);
export const removeTerm = (id) => call("DELETE", `/terms/${encodeURIComponent(id)}`);
export const termsFile = (scope) => `${ROOT}/terms.txt?scope=${scope}`;
export const importTerms = (scope, file) => call("POST", `/terms.txt?scope=${scope}`, file);
export const rules = (effect) => call("GET", `/rules?effect=${effect}`);

/** Decides on a rule: approve, decline or undo; returns all rules as they stand then. */
export const decideRule = (id, step) => call("POST", `/rules/${encodeURIComponent(id)}/${step}`);

/** Returns a visit as it stands at this moment. */
export const visit = (id) => call("GET", `/visits/${encodeURIComponent(id)}`);

/** Opens a visit from an uploaded recording. */
export function upload(file, visit) {
  const form = new FormData();
  form.append("file", file);
  form.append("visit", JSON.stringify(visit));
  return call("POST", "/visits/import", form);
}

/** Returns the worklist's lines, newest first. */
export function visits({ state, q }) {
  const asked = new URLSearchParams();
  if (state) asked.set("state", state);
  if (q) asked.set("q", q);
  return call("GET", `/visits?${asked}`);
}

/** Moves a visit on its way: end, submit, return {comment}, sign {password, attestation}, addenda {text, password}. */
export const move = (id, step, body = {}) =>
  call("POST", `/visits/${encodeURIComponent(id)}/${step}`, step === "end" ? undefined : body);
