"""Is somebody warned who names a child, and left alone who writes about the work?"""

from __future__ import annotations

import pytest

from audit_engine.response.child_named import sign_of_child

NAMED = [
    "A boy called Jayden told his teacher.",
    "We had a pupil named Xanthe who stopped coming in.",
    "Maisie, 9 years old, was not brought to her appointments",
    "Zed (Year 4) said that he was hungry",
    "Jaxxon is aged 12 and on a plan",
    "The girl, Olivia, moved to another school.",
    "Noah's mum would not let us in",
    "Muhammad's social worker left and nobody took over",
    "I rang about Chloe because the child had bruises",
    "The child Oliver was moved.",
    "pupil Alfie B. in my class",
    "We shared it when Ethan, a Year 9 pupil, went missing",
    "The twins Ruby and Lola were not seen.",
    "Tom Smith in Year 9 told Miss Jones",
    "Then Kwame O'Brien (Y9) told a dinner lady",
    "We met Siobhan McDonald from class 4B twice",
    "Agnieszka Nowak is a pupil here and was not believed",
    "A form was sent for the pupil Rhodri Llewellyn on Friday",
    "Dele Adeyemi-Clarke, a Year 9 student, said so",
    "Tom Smith of 9B",
    "Tom Smith in Year 9 told staff",
]
DESCRIBED = [
    "A 14-year-old girl told me that her uncle had hurt her",
    "One year 9 boy was sent pictures by an adult.",
    "The 3 year old child had burns on both hands",
]
IDENTIFIED = ["Call me about 943 476 5919 please", "The child was born on 3 May 2015", "They live at CT1 2AB"]
INNOCENT = [
    "",
    "More time for supervision, and a shorter form.",
    "Training for Year 9 staff would help.",
    "Year 7 and Year 8 pupils do not know whom to tell.",
    "I work with children in Kent and Medway.",
    "A 5 year old child can choke on a grape.",
    "Children aged 14 should be asked without their parents.",
    "The NSPCC and Childline came to talk to pupils.",
    "Pupils say that staff listen. Students in Canterbury feel safer.",
    "Our DSL, Mrs Smith, is easy to find.",
    "Working Together says that every child counts.",
    "Ask Sarah in HR about training.",
    "Sarah trains pupils and James trains students.",
    "Keeping Children Safe in Education is long.",
    "Boys and girls should be asked apart. Girls often say more.",
    "I wish that Social Care answered when I ring about a child.",
    "The Front Door told me to ring again; the child's plan was late.",
    "Monday's meeting about the family was moved.",
    "Child protection plans in Thanet take too long.",
    "Let every child have one named person.",
    "Reception class staff need more training",
    "In a 12 month period we had two audits",
    "May we have the policy in other languages for parents?",
    "Grace periods for late returns would help children's teams",
    "Since September the pupils are asked each term.",
    "Students under 18 were seen alone.",
    "The child was seen alone and their views were written down.",
    "I would like to see Police and School staff trained together on child sexual abuse",
    "Mr Tom Smith in Year 9 leads on this",
    "Miss Jones in Year 9 keeps the log",
    "Jane Brown, Year 9 lead, keeps the log",
    "Jane Brown (Year 9 form tutor) keeps the log",
    "Jane Brown in Year 6 lessons and assemblies",
    "Our teacher Jane Brown in Year 6",
    "Jane Brown is a student nurse",
    "Jane Brown, a pupil support officer",
    "Operation Encompass is known to Year 9",
    "Safer Internet Day in Year 9",
    "Healthy Relationships in Year 10",
    "Peer Mentors in Year 8 and Anti-Bullying Ambassadors in Year 9",
    "Working Together, Year 2018",
    "The Rowan Partnership asked Year 9",
    "Westmarsh Police in Year 7",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_child_s_name_is_noticed(text: str) -> None:
    assert sign_of_child(text) == "names"


@pytest.mark.parametrize("text", DESCRIBED)
def test_one_child_to_whom_something_happened_is_noticed(text: str) -> None:
    assert sign_of_child(text) == "describes"


@pytest.mark.parametrize("text", IDENTIFIED)
def test_a_number_or_a_day_by_which_a_child_is_found_is_noticed(text: str) -> None:
    assert sign_of_child(text) == "identifies"


@pytest.mark.parametrize("text", INNOCENT)
def test_words_about_the_work_raise_no_alarm(text: str) -> None:
    assert sign_of_child(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "Year " * 5_000,
        "Child " * 5_000,
        "Tom Smith " * 2_000,
        "Tom Smith, " * 2_000,
        "A boy " * 4_000,
        "Noah's " * 4_000,
    ],
)
def test_a_long_text_that_names_no_child_is_read_in_time(text: str) -> None:
    assert sign_of_child(text) is None
