/** Who a voice is, and whose an utterance: a person's word on it is final. */
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { clock } from "./format.js";
import { openMenu } from "./menu.js";
import { S } from "./strings.js";

const ROLES = ["doctor", "patient", "companion", "other"];

/** Returns what a voice is called: its role, or its number while that is not known. */
export function speakerLabel({ speaker, role }) {
  if (role && role !== "unknown") return S.roles[role];
  return speaker ? S.voice(speaker.slice(1)) : S.listening;
}

/** Opens the menu of an utterance's speaker. */
export function openSpeakerMenu(desk, shown) {
  const { said } = shown;
  openMenu(shown.speaker, [
    ...(said.speaker ? [{ heading: S.voiceIs(said.speaker.slice(1)) }, ...roleItems(desk, said), ...swapItems(desk, said)] : []),
    { heading: S.utteranceBy },
    ...voiceItems(desk, said),
    { heading: S.passage },
    { text: S.correctWord, run: () => shown.correct() },
    ...(said.start === null ? [] : [{ text: S.strike, run: () => askToStrike(desk, said) }]),
  ]);
}

const roleItems = (desk, { speaker, role }) =>
  ROLES.map((name) => ({
    text: S.roles[name],
    checked: name === role,
    run: () => desk.command({ type: "assign_role", speaker, role: name }),
  }));

function swapItems(desk, { speaker, role }) {
  return Object.entries(desk.view.speakers)
    .filter(([other, known]) => other !== speaker && known.role !== role)
    .map(([other, known]) => ({
      text: S.swap(speakerLabel({ speaker, role }), speakerLabel({ speaker: other, role: known.role })),
      run: () => desk.command({ type: "swap_roles", a: speaker, b: other }),
    }));
}

function voiceItems(desk, said) {
  const voices = new Map();
  for (const { speaker, role } of desk.view.utterances.values()) if (speaker) voices.set(speaker, role);
  const taken = [...voices.keys()].map((voice) => Number(voice.slice(1)));
  const fresh = `S${Math.max(0, ...taken) + 1}`;
  const assign = (speaker) => desk.command({ type: "assign_speaker", utterance: said.id, speaker });
  return [
    ...[...voices].map(([speaker, role]) => ({
      text: `${speakerLabel({ speaker, role })} · ${S.voice(speaker.slice(1))}`,
      checked: speaker === said.speaker,
      run: () => assign(speaker),
    })),
    { text: S.anotherVoice, run: () => assign(fresh) },
  ];
}

function askToStrike(desk, { start, end }) {
  openDialog({
    title: S.strikeTitle,
    body: el("p", {}, S.strikeHint(clock(start), clock(end))),
    action: S.strike,
    danger: true,
    submit: () => desk.command({ type: "strike_audio", start, end, reason: "off the record" }),
  });
}
