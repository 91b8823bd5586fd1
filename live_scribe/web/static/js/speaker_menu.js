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

/** Returns the voices of a view with their roles, and the name of one more. */
function voicesOf(view) {
  const voices = new Map();
  for (const { speaker, role } of view.utterances.values()) if (speaker) voices.set(speaker, role);
  const taken = [...voices.keys()].map((voice) => Number(voice.slice(1)));
  return { voices, fresh: `S${Math.max(0, ...taken) + 1}` };
}

/** Swaps the doctor and the patient: the two who were taken for each other. */
export function swapMainRoles(desk) {
  const voices = [...voicesOf(desk.view).voices];
  const [a] = voices.find(([, role]) => role === "doctor") ?? voices[0] ?? [];
  const [b] = voices.find(([voice, role]) => role === "patient" && voice !== a) ?? voices.find(([voice]) => voice !== a) ?? [];
  if (!desk.canEdit || !b) return;
  desk.command({ type: "swap_roles", a, b });
  desk.say(S.rolesSwapped);
}

/** Gives the utterance that has the focus, or is pointed at, or was said last, to the voice of this number. */
export function giveToVoice(desk, number) {
  const { voices, fresh } = voicesOf(desk.view);
  const speaker = `S${number}`;
  const row = document.activeElement?.closest("[data-utterance]") ?? document.querySelector("[data-utterance]:hover");
  const said = desk.view.utterances.get(row?.dataset.utterance) ?? [...desk.view.utterances.values()].at(-1);
  if (!desk.canEdit || !said || (!voices.has(speaker) && speaker !== fresh)) return;
  desk.command({ type: "assign_speaker", utterance: said.id, speaker });
}

function voiceItems(desk, said) {
  const { voices, fresh } = voicesOf(desk.view);
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
