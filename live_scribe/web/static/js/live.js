/**
 * One screen's connection to a visit: facts in, commands out.
 *
 * It reconnects by itself, from the fact it has last seen; a command that was not answered is sent again under the
 * same id, and the service carries an id out once. So a cut line loses nothing and does nothing twice.
 */
import { visitPath } from "./api.js";
import { applyFact, fromSnapshot } from "./store.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
const ANSWER_MS = 10_000; // a command takes milliseconds: no answer for this long is a dead line
const kept = new Map(); // visit id -> its unanswered commands: they outlive the desk that sent them

addEventListener("beforeunload", (event) => [...kept.values()].some((waiting) => waiting.size) && event.preventDefault());

const FATAL = { 4401: "signed-out", 4403: "forbidden", 4404: "gone" };

export class Live {
  /** `on`: {view(view), hint(hint), status("connecting"|"live"|"reconnecting"|"signed-out"|"forbidden"|"gone")}. */
  constructor(visitId, on) {
    this.visitId = visitId;
    this.on = on;
    this.view = null;
    if (!kept.has(visitId)) kept.set(visitId, new Map());
    this.unanswered = kept.get(visitId);
    this.attempt = 0;
    this.wake = () => this.socket?.readyState !== WebSocket.OPEN && this.connect();
    addEventListener("online", this.wake);
    this.connect();
  }

  /** Connects anew; the old connection, if any, is dropped. */
  connect() {
    this.drop();
    this.on.status(this.view ? "reconnecting" : "connecting");
    const since = this.view && !this.view.incomplete ? `?since=${this.view.seq}` : "";
    const origin = location.origin.replace(/^http/, "ws");
    const socket = new WebSocket(origin + visitPath(this.visitId, "/live") + since);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    socket.onclose = (event) => this.closed(event.code);
  }

  drop() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** Shows nothing more, and ends the connection once all that was sent is answered. */
  close() {
    this.on = { view() {}, hint() {}, status() {} };
    this.closing = true;
    if (!this.unanswered.size) this.end();
  }

  end() {
    removeEventListener("online", this.wake);
    clearInterval(this.watch);
    this.drop();
  }

  opened() {
    if (this.view && !this.view.incomplete) this.settle();
    for (const { message } of this.unanswered.values()) this.socket.send(JSON.stringify(message));
  }

  settle() {
    this.on.status("live");
  }

  closed(code) {
    if (FATAL[code] && this.closing) return this.end(); // the next desk of this visit sends what is unanswered
    if (FATAL[code]) return this.on.status(FATAL[code]);
    this.retry();
  }

  retry() {
    this.drop();
    this.on.status("reconnecting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempt++);
    // A random part of the wait: a service that comes back is not met by all its screens in one instant.
    this.timer = setTimeout(() => this.connect(), wait * (0.7 + 0.3 * Math.random()));
  }

  receive(message) {
    if (message.type === "snapshot") {
      this.settle();
      return this.show(fromSnapshot(message));
    }
    if (message.type === "accepted" || message.type === "refused") return this.answered(message);
    if (message.seq === undefined) return this.on.hint(message);
    if (!this.view || message.seq <= this.view.seq) return;
    if (message.seq > this.view.seq + 1) return this.retry(); // a hole: ask for what is missing
    this.show(applyFact(this.view, message));
  }

  show(view) {
    this.view = view;
    if (view.incomplete) return this.retry();
    this.attempt = 0;
    this.on.view(view);
  }

  /** Sends a command; resolves with `accepted` or `refused`, however often the line is cut in between. */
  send(command) {
    const message = { id: crypto.randomUUID?.() ?? `c${Date.now()}-${Math.random()}`, ...command };
    const answer = new Promise((resolve) => {
      this.unanswered.set(message.id, { message, resolve, at: Date.now() });
    });
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    this.watch ??= setInterval(() => this.checkAnswers(), ANSWER_MS / 4);
    return answer;
  }

  answered(message) {
    this.unanswered.get(message.id)?.resolve(message);
    this.unanswered.delete(message.id);
    if (this.closing && !this.unanswered.size) this.end();
  }

  checkAnswers() {
    const open = this.socket?.readyState === WebSocket.OPEN;
    const late = [...this.unanswered.values()].filter(({ at }) => Date.now() - at > ANSWER_MS);
    if (!open || !late.length) return;
    late.forEach((waiting) => (waiting.at = Date.now()));
    this.connect();
  }
}
