/** Opening a visit: who, with what template, agreed how, and heard from where. */
import * as api from "./api.js";
import { field, openDialog, select } from "./dialog.js";
import { el, icon } from "./dom.js";
import { BrowserMicrophone } from "./microphone.js";
import { languageName } from "./language_notice.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const DEFAULT_LANGUAGE = "en";
const SIGNS = { browser: "mic", computer: "monitor", upload: "upload", sample: "wave" };
const ACTIONS = { browser: S.start, computer: S.start, upload: S.startUpload, sample: S.startSample };

/** Opens the dialog; when the visit is open, goes to its desk. */
export async function openVisitDialog(app) {
  let templates, samples, languages;
  try {
    [templates, samples, languages] = await Promise.all([api.templates(), api.samples(), api.languages()]);
  } catch (exc) {
    return exc.status === 401 ? app.signedOut() : toast(exc.message);
  }
  const parts = {
    patient: patientFields(),
    template: templateField(templates),
    language: languageField(languages),
    upload: field(S.file, el("input", { type: "file", name: "file", accept: "audio/*,video/mp4,video/webm" })),
    sample: sampleField(samples),
    consent: consentFields(),
  };
  const source = sources((chosen) => showFor(chosen));
  const { form, go } = openDialog({
    title: S.newVisit,
    kind: "visit-dialog",
    body: [source, parts.sample, parts.patient, parts.template, parts.language, parts.upload, parts.consent],
    action: S.start,
    submit: async (values) => {
      const visit = await begin(values);
      location.hash = `#/visits/${visit.id}`;
    },
  });
  const showFor = (chosen) => {
    const own = chosen !== "sample";
    for (const name of ["patient", "template", "consent"]) setShown(parts[name], own);
    setShown(parts.language, own && languages.length > 1);
    setShown(parts.upload, chosen === "upload");
    setShown(parts.sample, chosen === "sample");
    form.elements.file.required = chosen === "upload";
    go.textContent = ACTIONS[chosen];
  };
  showFor("browser");
  form.elements.name.focus();
}

/** A hidden field is not asked for either. */
function setShown(node, shown) {
  node.hidden = !shown;
  for (const input of node.querySelectorAll("input, select")) input.disabled = !shown;
}

function sources(choose) {
  const card = (name, index) => el("label", { class: "source" },
    el("input", { type: "radio", name: "source", value: name, checked: index === 0, on: { change: () => choose(name) } }),
    icon(SIGNS[name]),
    el("span", {}, el("strong", {}, S.sources[name][0]), el("small", { class: "muted" }, S.sources[name][1])));
  return el("fieldset", { class: "sources" }, el("legend", { class: "field-label" }, S.source), Object.keys(S.sources).map(card));
}

function patientFields() {
  const f = S.fields;
  return el("div", { class: "grid-two" },
    field(f.name, el("input", { name: "name", autocomplete: "off", maxlength: 200 })),
    field(f.mrn, el("input", { name: "mrn", autocomplete: "off", maxlength: 100 })),
    field(f.birth_date, el("input", { name: "birth_date", type: "date", max: new Date().toISOString().slice(0, 10) })),
    field(f.sex, select("sex", Object.entries(S.sexes))));
}

const templateField = (templates) =>
  el("div", {}, field(S.template, select("template", templates.map((t) => [t.id, t.title ?? t.name ?? t.id]))));

function languageField(languages) {
  const named = languages.map(({ id }) => [id, languageName(id)]).sort((a, b) => a[1].localeCompare(b[1]));
  return el("div", {}, field(S.language, select("language", named, DEFAULT_LANGUAGE)));
}

function sampleField(samples) {
  if (!samples.length) return el("p", { class: "muted" }, S.noSamples);
  const card = (sample, index) => el("label", { class: "sample" },
    el("input", { type: "radio", name: "sample", value: sample.name, checked: index === 0, required: true }),
    el("span", {}, el("strong", {}, sample.title), el("small", { class: "muted" }, sample.summary)));
  return el("fieldset", { class: "samples" }, el("legend", { class: "field-label" }, S.sample), samples.map(card));
}

function consentFields() {
  return el("div", { class: "consent" },
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "consent", required: true }), el("span", {}, S.consent)),
    field(S.consentMethod, select("method", Object.entries(S.methods), "verbal", { required: true })));
}

async function begin(values) {
  if (values.source === "sample") return api.playSample(values.sample);
  const { name, mrn, birth_date, sex } = values;
  const visit = {
    template: values.template,
    language: values.language ?? DEFAULT_LANGUAGE,
    patient: { name: name || null, mrn: mrn || null, birth_date: birth_date || null, sex: sex || null },
    consent: { given: values.consent === "on", method: values.method },
  };
  if (values.source === "upload") return api.upload(values.file, visit);
  if (values.source === "browser") return beginHere(visit);
  const opened = await api.openVisit(visit);
  // The visit is open: without the microphone its desk offers another one, where a second visit would be a stray.
  await api.useOwnMicrophone(opened.id).catch((exc) => toast(exc.message));
  return opened;
}

/** Asks for the microphone first: without one no visit is opened. */
async function beginHere(visit) {
  const microphone = await BrowserMicrophone.ask();
  try {
    const opened = await api.openVisit(visit);
    BrowserMicrophone.keep(opened.id, microphone);
    return opened;
  } catch (exc) {
    microphone.stop();
    throw exc;
  }
}
