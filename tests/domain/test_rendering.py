"""What homeowners read, and what cannot be saved because nobody should read it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rendering import (
    MissingVariable,
    TemplateError,
    check_template,
    render,
    render_line,
    variables_of,
)
from domain.text_segments import Segments, segments
from domain.variables import ALL_NAMED

MARIA = {
    "first_name": "Maria",
    "last_name": "  ",
    "estimate_amount": "$12,000.00",
    "contact": {"first_name": "Maria", "tags": ["vip", "hail & wind"], "custom": {"roof": "slate"}},
    "project": {"name": "Roof", "stage": None},
    "custom": {"roof": "slate", "gutters": "", "squares": 24, "solar": False},
    "event": {"event_name": "quote", "lines": [{"item": "Ridge", "qty": 2}], "at": "2026-11-05"},
}

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = st.sampled_from(sorted(ALL_NAMED))
snippets = st.sampled_from(
    """
    {{ }} {% %} first_name | upcase if endif for in (1..9) custom.a ' : assign x = == blank [ ] . -
    comment endcomment else default times 3
    """.split()  # noqa: SIM905 a table of words
)
templates = st.lists(snippets | words, max_size=25).map(" ".join)


def nested(name: str, value: object) -> dict[str, object]:
    scope, _, field = name.partition(".")
    return {scope: {field: value}} if field else {scope: value}


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Hi {{ first_name }},", "Hi Maria,"),
        ("{{ last_name | default: 'there' | upcase }}", "THERE"),
        ("{{ last_name | upcase | default: 'there' }}", "there"),
        ("{{ contact.tags | join: ', ' }}", "vip, hail & wind"),
        ("{% for tag in contact.tags %}<{{ tag }}>{% endfor %}", "<vip><hail & wind>"),
        ("{{ contact.custom.roof }} {{ custom.squares | times: 100 }}", "slate 2400"),
        ("{{ event.lines[0].item }} ({{ event.lines.size }})", "Ridge (1)"),
        ("{{ event.at | date: '%B %-d' }}", "November 5"),
        ("{{ first_name | date: '%Y' }}", "Maria"),
        ("{% for i in (1..5) %}★{% endfor %}", "★★★★★"),
        ("{% assign greeting = '' %}[{{ greeting }}]", "[]"),
        ("{% if custom.solar %}solar{% else %}none{% endif %} {{ custom.solar }}", "none false"),
        ("{# kept #}{% comment %}{{ gone }}{% endcomment %}", "{# kept #}"),
        ("{% liquid\n  assign name = first_name\n  echo name\n%}", "Maria"),
    ],
)
def test_a_template_is_filled_in(source: str, expected: str) -> None:
    assert render(source, MARIA, html=False) == expected


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Hi {{ last_name }}", "last_name"),
        ("{{ last_name | upcase }}", "last_name"),
        ("{{ 'Dear ' | append: last_name }}", "last_name"),
        ("{{ first_name | replace: 'a', last_name }}", "last_name"),
        ("{% assign who = last_name | strip %}{{ who }}", "last_name"),
        ("{% cycle last_name, 'x' %}", "last_name"),
        ("{{ last_name | default: company_name }}", "company_name"),
        ("{{ project.estimate_amount }}", "project.estimate_amount"),
        ("{{ project.stage }}", "project.stage"),
        ("{{ project.custom.color }}", "project.custom.color"),
        ("{{ contact.tags[7] }}", "contact.tags[7]"),
        ("{{ event.lines[0].color }}", "event.lines[0].color"),
        ("{% for line in event.lines %}{{ line.color }}{% endfor %}", "line.color"),
    ],
)
def test_printing_an_empty_variable_names_it(source: str, name: str) -> None:
    with pytest.raises(MissingVariable, match="is empty") as missing:
        render(source, MARIA, html=False)
    assert missing.value.name == name


@pytest.mark.parametrize(
    "condition",
    [
        "custom.gutters",
        "last_name",
        "project.stage",
        "custom.gutters != blank",
        "custom.gutters != ''",
        "custom.gutters != empty",
        "custom.gutters != nil",
        "company_name != blank",
        "custom.gutters contains 'x'",
        "custom.gutters > 3",
        "contact.timezone == 'UTC'",
        "contact.custom.squares.size > 0",
    ],
)
def test_an_empty_variable_in_a_condition_is_false(condition: str) -> None:
    source = f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}"
    assert render(source, MARIA, html=False) == "no"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ fist_name }}", "unknown variable 'fist_name'; did you mean 'first_name'"),
        ("{{ contact.tenant_id }}", "unknown variable 'contact.tenant_id'"),
        ("{{ contact }}", "unknown variable 'contact'"),
        ("{{ first_name.anything }}", "unknown variable"),
        ("{{ custom }}", "unknown variable"),
        ("{{ custom[event.key] }}", "unknown variable"),
        ("{% if roof %}{% endif %}", "unknown variable 'roof'"),
        ("{{ now }}", "unknown variable 'now'"),
        ("{{ 'now' | date: '%Y' }}", "no clock"),
        ("{{ first_name | safe }}", "no filter 'safe'"),
        ("{{ first_name | shout }}", "no filter 'shout'"),
        ("{{ first_name | append }}", "filter 'append'"),
        ("{{ first_name | upcase: 1, 2 }}", "filter 'upcase'"),
        ("{% include 'other' %}", "unexpected tag 'include'"),
        ("{% render 'other' %}", "unexpected tag 'render'"),
        ("{% raw %}{{ x }}{% endraw %}", "no tag 'raw'"),
        ("line one\n{{ first_name", "line 2: '{{' is not closed"),
        ("{% if first_name %}", "expected"),
        ("{{ }}", "expected"),
        ("{% for i in (1..999999999) reversed %}x{% endfor %}", "range of more than"),
        ("{{ (1..custom.many) | join }}", "two whole numbers"),
        ("{% if 1 %}" * 11 + "{% endif %}" * 11, "nesting limit"),
        ("x" * 200_001, "longer than"),
        ("{{ first_name }}" * 1_001, "more than 1,000 variables"),
    ],
)
def test_a_template_that_cannot_work_is_refused_when_saved(source: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message.replace("{", r"\{")):
        check_template(source)
    with pytest.raises(TemplateError):
        render(source, MARIA, html=True)


def test_an_unknown_variable_is_named_by_the_error() -> None:
    with pytest.raises(TemplateError) as error:
        check_template("{{ project.price }}")
    assert error.value.variable == "project.price"


@pytest.mark.parametrize(
    "source",
    [
        "{% comment %}" + "{{ " * 60_000,
        "{{" + " " * 100_000 + "}}",
        "{% comment %}" + "{% raw %}" * 20_000,
        "{% " + "a" * 100_000,
        "{% for a in (1..999) %}{% for b in (1..999) %}x{% endfor %}{% endfor %}",
        "{% assign s = 'aaaaaaaaaaaaaaaa' %}" + "{% assign s = s | append: s %}" * 60,
        "{% assign s = 'aaaaaaaaaaaaaaaa' %}"
        + "{% assign s = s | append: s %}" * 14
        + "{{ s | replace: 'a', s | size }}",
        "{{ custom.squares | divided_by: 0 }}",
        "{{ first_name | truncate: 'x' }}",
        "{{ first_name | times: 2 | round: 'x' | ceil | slice: 'a' }}",
    ],
)
def test_a_hostile_or_broken_template_ends_quickly_as_a_template_error(source: str) -> None:
    with pytest.raises(TemplateError):
        render(source, MARIA, html=True)


def test_variables_of_a_template_are_those_it_reads_from_outside() -> None:
    source = (
        "{% assign name = first_name %}{{ name }}{% if project.custom.roof == event.size.x %}"
        "{{ contact.tags.first | default: review_link }}{% endif %}"
    )
    assert variables_of(source) == {
        "first_name",
        "project.custom.roof",
        "event.size",
        "contact.tags",
        "review_link",
    }


@pytest.mark.parametrize(
    "source",
    [
        "{{ first_name }}",
        "{{ first_name | prepend: '<b>' | append: '</b>' }}",
        "{{ 'Hi NAME' | replace: 'NAME', first_name }}",
        "{{ contact.tags | join: first_name }}",
        "{% capture c %}{{ first_name }}{% endcapture %}{{ c | upcase | strip | newline_to_br }}",
        "{{ first_name | newline_to_br }}",
        "{{ first_name | url_encode }}",
        "{{ first_name | strip_newlines }}",
        "{{ last_name | default: first_name }}",
        "{{ first_name | split: '' | join: '' }}",
        "{{ first_name | truncate: 20 }}",
        "{{ first_name | slice: 0, 9 }}",
        "{% assign x = first_name %}{% for i in (1..2) %}{{ x }}{% endfor %}",
    ],
)
@settings(max_examples=20)
@given(value=words)
def test_no_tag_of_a_value_survives_in_html(source: str, value: str) -> None:
    name = f"<script>{value}"
    values = {**MARIA, "first_name": name, "contact": {"tags": [name, name]}}
    assert "<script" not in render(source, values, html=True).lower()


def test_html_is_escaped_and_text_is_not() -> None:
    values = {"first_name": "Tom & <Jerry>"}
    assert render("<p>{{ first_name }}</p>", values, html=True) == "<p>Tom &amp; &lt;Jerry&gt;</p>"
    assert render("{{ first_name }}", values, html=False) == "Tom & <Jerry>"


def test_liquid_in_a_value_is_text() -> None:
    assert render("{{ first_name }}", {"first_name": "{{ last_name }}"}, html=False) == (
        "{{ last_name }}"
    )


@given(name=names, value=words.filter(str.strip))
def test_a_known_variable_with_a_value_renders_as_the_value(name: str, value: str) -> None:
    check_template(f"{{{{ {name} }}}}")
    assert render(f"{{{{ {name} }}}}", nested(name, value), html=False) == unix(value)


@given(name=names, value=st.sampled_from([None, "", " \n", [], {}]))
def test_a_known_variable_without_a_value_renders_only_with_a_default(
    name: str, value: object
) -> None:
    given_nothing: dict[str, object] = {}
    for values in (nested(name, value), given_nothing):
        with pytest.raises(MissingVariable) as missing:
            render(f"{{{{ {name} }}}}", values, html=False)
        assert missing.value.name == name
        source = f"{{{{ {name} | default: 'friend' }}}}"
        assert render(source, values, html=False) == "friend"


@given(text=words.filter(lambda text: "{{" not in text and "{%" not in text))
def test_a_template_without_variables_renders_as_itself(text: str) -> None:
    assert render(text, {}, html=False) == unix(text)
    assert render(text, {}, html=True) == unix(text)


@settings(max_examples=300)
@given(source=templates)
def test_any_text_is_a_template_or_a_template_error(source: str) -> None:
    try:
        check_template(source)
    except TemplateError:
        return
    try:
        render(source, MARIA, html=True)
    except (TemplateError, MissingVariable):
        return


@given(value=words.filter(str.strip))
def test_a_line_never_holds_a_line_break(value: str) -> None:
    line = render_line("Re: {{ first_name }}\r\n", {"first_name": f"a\r\nBcc: b{value}"})
    assert len(line.splitlines()) == 1
    assert line.startswith("Re: a Bcc: b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("“" * 70, Segments("UCS-2", 70, 1)),
        ("“" * 71, Segments("UCS-2", 71, 2)),
        ("“" * 134, Segments("UCS-2", 134, 2)),
        ("🏠" * 35, Segments("UCS-2", 70, 1)),
        ("🏠" * 67, Segments("UCS-2", 134, 3)),
    ],
)
def test_a_text_is_counted_as_twilio_bills_it(text: str, expected: Segments) -> None:
    assert segments(text) == expected


@given(left=words, right=words)
def test_a_longer_text_never_costs_less(left: str, right: str) -> None:
    assert segments(left + right).count >= segments(left).count
