/** Who may do what when, as the service's core/states.py has it; the service decides, this only hides what it refuses. */
const DESK = ["scribe", "provider"];
const CAPTURE = ["scribe", "provider", "reviewer"];
const PROVIDER = ["provider"];

const TABLE = {
  recording: { edit: DESK, pause: CAPTURE, end: CAPTURE, record: CAPTURE },
  paused: { edit: DESK, resume: CAPTURE, end: CAPTURE },
  review: { edit: DESK, submit: DESK, sign: PROVIDER },
  submitted: { edit: PROVIDER, return: PROVIDER, sign: PROVIDER },
  signed: { amend: PROVIDER },
  amended: { amend: PROVIDER },
};

export const STATES = Object.keys(TABLE);

/** Returns whether a user of this role may do this to a visit in this state. */
export const may = (user, action, state) => TABLE[state]?.[action]?.includes(user.role) ?? false;

/** Returns whether a user may open visits, and whether one may read them. */
export const mayOpen = (user) => CAPTURE.includes(user.role);
export const mayRead = (user) => user.role !== "admin";

/** Returns whether a user may change the clinic's list or their own, see the rules, and decide on them. */
export const mayEditList = (user, scope) => scope === "own" || mayDecideRules(user);
export const maySeeRules = (user) => ["scribe", "provider", "admin"].includes(user.role);
export const mayDecideRules = (user) => ["provider", "admin"].includes(user.role);

/** Returns whether the visit is still being heard. */
export const isLive = (state) => state === "recording" || state === "paused";
export const isSigned = (state) => state === "signed" || state === "amended";
