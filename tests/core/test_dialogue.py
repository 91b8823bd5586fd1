"""Written dialogues and JSON transcripts become utterances, and mistakes in them one plain line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.words import Role
from live_scribe.errors import DialogueError


def test_bracketed_and_named_speakers_are_read() -> None:
    spoken = parse_dialogue("[doctor] Any fevers?\nPatient: No.\nDr: Good.\n[patient_guest] He did.\n[guest] Yes.")
    assert [u.role for u in spoken] == [Role.DOCTOR, Role.PATIENT, Role.DOCTOR, Role.COMPANION, Role.COMPANION]
    assert [u.text for u in spoken] == ["Any fevers?", "No.", "Good.", "He did.", "Yes."]


def test_a_line_without_a_speaker_goes_on_the_turn_before_it() -> None:
    (only,) = parse_dialogue("[patient] My knee\n\nhurts.\n")
    assert only.text == "My knee hurts."


def test_ids_count_from_one_and_words_through_the_dialogue() -> None:
    first, second = parse_dialogue("[doctor] Any pain?\n[patient] No.")
    assert (first.id, second.id) == ("u1", "u2")
    assert [w.id for u in (first, second) for w in u.words] == ["w1", "w2", "w3"]
    assert first.start is None and first.words[0].probability is None


def test_lines_without_any_speaker_are_turns_of_unknown_voices() -> None:
    spoken = parse_dialogue("Any fevers?\nNo.")
    assert [u.role for u in spoken] == [None, None]


def test_a_tag_of_no_known_role_is_an_unknown_voice_under_its_name() -> None:
    (first, second) = parse_dialogue("[Speaker 1] Hello.\nS2: Hi.")
    assert (first.speaker, first.role) == ("Speaker 1", Role.UNKNOWN)
    assert (second.speaker, second.role) == ("S2", Role.UNKNOWN)


def test_a_colon_in_speech_is_no_speaker() -> None:
    (only,) = parse_dialogue("[doctor] Two things.\nMedication: take it daily.")
    assert only.text == "Two things. Medication: take it daily."


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_an_empty_dialogue_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(DialogueError, match="line 1"):
        parse_dialogue(text)


def test_bytes_that_are_no_text_are_refused_with_their_line_and_not_repeated() -> None:
    with pytest.raises(DialogueError, match="line 2") as caught:
        parse_dialogue("[doctor] Hello.\nsecret\x00\x01word")
    assert "secret" not in str(caught.value)


def test_a_four_hour_dialogue_is_read_whole() -> None:
    line = "[doctor] Any chest pain?\n[patient] No, none at all that I know of.\n"
    assert len(parse_dialogue(line * 3000)) == 6000


def transcript(**changes: Any) -> str:
    utterance = {
        "id": "u3",
        "speaker": "S1",
        "role": "patient",
        "start": 1.3,
        "end": 4.4,
        "text": "My knee.",
        "words": None,
    }
    return json.dumps({"version": 1, "language": "en", "utterances": [{**utterance, **changes}]})


def test_a_transcript_with_words_keeps_ids_times_and_probabilities() -> None:
    words = [{"id": "w12", "text": " 2.5", "display": None, "start": 1.3, "end": 1.5, "probability": 0.9}]
    (only,) = parse_dialogue(transcript(words=words))
    word = only.words[0]
    assert (only.id, only.speaker, only.role) == ("u3", "S1", Role.PATIENT)
    assert (word.id, word.text, word.start, word.probability) == ("w12", "2.5", 1.3, 0.9)


def test_a_transcript_without_words_keeps_the_times_of_the_utterance() -> None:
    (only,) = parse_dialogue(transcript())
    assert (only.start, only.end, only.text) == (1.3, 4.4, "My knee.")


def test_a_transcript_says_in_which_language_it_was_heard() -> None:
    spanish = {**json.loads(transcript()), "language": "es"}
    assert [said.language for said in parse_dialogue(json.dumps(spanish))] == ["es"]
    with pytest.raises(DialogueError, match="language"):
        parse_dialogue(json.dumps({**spanish, "language": 5}))


def test_a_silent_transcript_has_no_utterances() -> None:
    assert parse_dialogue('{"version": 1, "utterances": []}') == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"role": "wizard"}, "role"),
        ({"speaker": 7}, "speaker"),
        ({"text": None}, "text"),
        ({"words": [{"text": 3}]}, "text"),
        ({"start": "soon"}, "times"),
        ({"end": -1.0}, "outside"),
        ({"words": {"a": 1}}, "words"),
    ],
)
def test_a_mistake_in_a_transcript_names_its_utterance(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(DialogueError, match=f"utterance 1.*{told}"):
        parse_dialogue(transcript(**changes))


@pytest.mark.parametrize("text", ['{"version": 1', '{"version": 2, "utterances": []}', '{"version": 1}', "{" * 5000])
def test_json_that_is_no_transcript_is_refused(text: str) -> None:
    with pytest.raises(DialogueError, match="line 1"):
        parse_dialogue(text)


def test_two_utterances_of_one_id_are_refused() -> None:
    one = {"id": "u1", "text": "Yes."}
    with pytest.raises(DialogueError, match="utterance 2"):
        parse_dialogue(json.dumps({"version": 1, "utterances": [one, one]}))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        spoken = parse_dialogue(text)
    except DialogueError as error:
        assert "line" in str(error) or "utterance" in str(error)
    else:
        assert all(u.words for u in spoken)
