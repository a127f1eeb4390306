"""The reader of HTML that looks for code and style sees every way to write them; test_town walks with it."""

import pytest

from demo.tour.inline import inline


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<p style='color:red'>", "line 1: style= on <p>"),
        ("<svg><path STYLE=x /></svg>", "line 1: style= on <path>"),
        ("\n<style>p{}</style>", "line 2: <style>"),
        ("<script>go()</script>", "line 1: <script> with a body"),
        ("<script type='application/json'>{}</script>", "line 1: <script> with a body"),
        ("<button onClick='go()'>", "line 1: onclick= on <button>"),
        ("<p hx-on:click='go()'>", "line 1: hx-on:click= on <p>"),
        ("<p data-hx-on:click='go()'>", "line 1: data-hx-on:click= on <p>"),
        ("<a href=' JavaScript:go()'>", "line 1: javascript: in href on <a>"),
        ("<form action='&#106;avascript:go()'>", "line 1: javascript: in action on <form>"),
    ],
)
def test_it_is_seen(html, what):
    assert inline(html) == [what]


def test_what_is_allowed_is_left_alone():
    assert (
        inline("<p title='style=x' data-on='y' data-hx-get='/x'>style='x'</p><script src='/x.js' defer></script>") == []
    )
    assert inline("<!-- <p style=x> --><p>&lt;script&gt;</p>") == []
