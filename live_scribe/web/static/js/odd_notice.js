/** What is odd about the talk, in the service's words (core/notices.py), and how many turns it is about. */
import { el } from "./dom.js";
import { S } from "./strings.js";

const odd = (lacks) => lacks?.notices ?? [];

/** Returns what the notice depends on: it is drawn anew when this changes. */
export const oddKey = ({ lacks }) => odd(lacks).map(({ code, utterances }) => `${code}${utterances.length}`).join();

/** Returns the notice's nodes, none where nothing is odd. */
export function oddNotice({ lacks }) {
  return odd(lacks).map(({ text, utterances }) => el("div", {}, S.odd(text, utterances.length)));
}
