/** Times, ages and the like, as a reader expects them. */
import { S } from "./strings.js";

/** 75.2 → "1:15"; above an hour "1:02:03". */
export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(s).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${tail}` : `${m}:${tail}`;
}

/** An ISO time as the reader's own: today the hour alone, else the day too. */
export function moment(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date().toDateString()) return S.today(time);
  return `${date.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" })}, ${time}`;
}

/** "1980-02-29" → the date and the age in years, or months below two. */
export function born(iso, now = new Date()) {
  const [y, m, d] = (iso ?? "").split("-").map(Number);
  if (!y || !m || !d) return null;
  const passed = now.getMonth() + 1 > m || (now.getMonth() + 1 === m && now.getDate() >= d);
  const years = now.getFullYear() - y - (passed ? 0 : 1);
  const months = (now.getFullYear() - y) * 12 + now.getMonth() + 1 - m - (now.getDate() < d ? 1 : 0);
  return { date: iso, age: years < 2 ? S.months(Math.max(0, months)) : S.years(years) };
}

/** "s12" → 12; ids are numbered in the order in which they were given. */
export const number = (id) => Number(id.slice(1)) || 0;
