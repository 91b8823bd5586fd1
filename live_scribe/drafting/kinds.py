"""Kinds of words by which the subject of a sentence is known: features of the weights in `weights/sections.json`.

They belong to those weights, not to a template: whoever changes one trains again (training/placing.py).
"""

from __future__ import annotations

import re

_WORDS = {
    "tests": r"labs?|blood ?work|test results?|results?|report|x-?rays?|e k g|ekg|ecg|mri|m r i|c t|ct|cat scan|scan|"
    r"ultrasound|echo\w*|hemoglobin|a1c|creatinine|sodium|potassium|white blood|platelets?|glucose|urine|urinalysis|"
    r"culture|levels?|imaging|angiogram",
    "examining": r"on exam\w*|i (?:see|hear|feel|notice|note)|lungs|heart sounds|reflexes|tenderness|pupils|"
    r"abdomen is|clear|auscultation|palpat\w+|examin\w*",
    "systems": r"systems?|review of|otherwise negative|everything else|other symptoms|anything else",
    "deciding": r"refer\w*|follow[- ]?up|come back|return|appointment|discharge\w*|schedule|prescri\w+|"
    r"going to (?:give|start|order|put)|we'll|we will|i will|i'll|i'd like (?:you|to)|i would like|i want you|"
    r"recommend|continue|plan",
    "leaving": r"go(?:ing)? home|discharge\w*|ready for home|nursing home|rehab|facility|stay with",
    "birth": r"born|birth|pregnan\w+|gestation|deliver\w+|weeks|incubator|c-section|cesarean",
    "intolerance": r"allerg\w*|intoleran\w*|reaction|sensitiv\w*",
    "surgery": r"surg\w*|operat\w*|procedure\w*|\w+ectomy|\w+plasty|\w+otomy|removed|repair\w*|replace\w*|placed|"
    r"pacemaker|tubes tied|appendix|tonsils|gallbladder|hernia",
    "vaccines": r"vaccin\w*|immuni[sz]\w*|shots?|tetanus",
    "gynaecology": r"periods?|menstru\w*|pap|gravida|miscarriage|abortion|uterus|ovar\w+|cervix|hormon\w*",
    "diagnosing": r"diagnos\w*|you have|it's called|called|likely|probably|consistent with|infection|disease|"
    r"syndrome|\w+itis|\w+osis|\w+emia|\w+opathy",
    "hospital": r"nurse|give (?:him|her|you)|was given|emergency room|e r|er|urgent care|hospital|i v|admitted",
    "living": r"work|job|retired|married|divorced|children|kids|live|lives|school|smok\w*|drink\w*|alcohol|drugs?|"
    r"tobacco|beer|wine|grade",
    "past": r"history of|medical history|past|diagnosed|chronic|high blood pressure|diabetes|cholesterol|stroke|"
    r"heart attack|conditions?|health issues?|medical (?:problems|issues|conditions)",
    "medicines": r"medications?|medicines?|meds|prescri\w+|taking|milligrams?|m g|mg|pills?|vitamins?|supplements?|"
    r"over the counter|dose",
    "course": r"when|how long|started|began|ago|since|last week|happened|days|yesterday|brings you|going on",
}
KINDS = tuple((name, re.compile(rf"\b(?:{pattern})\b")) for name, pattern in _WORDS.items())
"""Name and pattern of each kind, matched against a sentence in small letters."""
ANSWERS = (
    ("no", re.compile(r"^(?:no|nope|none|not|never|nothing)\b")),
    ("yes", re.compile(r"^(?:yes|yeah|yep|uh-huh)\b")),
)
"""How an answer begins; any other is open."""
