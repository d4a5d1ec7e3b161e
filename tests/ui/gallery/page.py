"""The gallery as a page: every picture, to be filtered by screen, language, look and fault."""

import html
from collections.abc import Iterable, Sequence

from tests.ui.gallery.drawing import Shot, look_of

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Every screen</title>
<style>
body {{ font: 16px sans-serif; margin: 0; background: #ddd; color: #111; }}
form {{ position: sticky; top: 0; padding: 12px; background: #fff; display: flex; gap: 16px;
  flex-wrap: wrap; align-items: center; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(400px, 1fr)); gap: 12px;
  padding: 12px; }}
figure {{ margin: 0; background: #fff; content-visibility: auto;
  contain-intrinsic-size: 400px 300px; }}
img {{ width: 100%; aspect-ratio: 16 / 10; background: #888; display: block; }}
figcaption {{ padding: 6px 8px; overflow-wrap: anywhere; }}
b {{ color: #a00; display: block; }}
</style>
<form>
<label>Screen <input name="screen" type="search" placeholder="part of its name"></label>
<label>Language <select name="language">{languages}</select></label>
<label>Look <select name="look">{looks}</select></label>
<label><input name="faulty" type="checkbox"> with faults only</label>
<output></output>
</form>
<main>
{figures}
</main>
<script>
const form = document.forms[0], figures = [...document.querySelectorAll("figure")];
function filter() {{
  let shown = 0;
  for (const figure of figures) {{
    const is = figure.dataset;
    figure.hidden = !(is.screen.includes(form.screen.value)
      && (!form.language.value || is.language === form.language.value)
      && (!form.look.value || is.look === form.look.value)
      && (!form.faulty.checked || figure.querySelector("b")));
    shown += !figure.hidden;
  }}
  form.querySelector("output").value = `${{shown}} of ${{figures.length}}`;
}}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();
</script>
</html>
"""


def page(shots: Sequence[Shot]) -> str:
    """The whole page; it stands beside the pictures."""
    return _PAGE.format(
        languages=_options(shot.manner.language for shot in shots),
        looks=_options(look_of(shot.manner) for shot in shots),
        figures="\n".join(map(_figure, shots)),
    )


def _options(values: Iterable[str]) -> str:
    """English and dark are looked at first; the empty one is all."""
    each = "".join(f"<option>{html.escape(value)}</option>" for value in dict.fromkeys(values))
    return f'{each}<option value="">all</option>'


def _figure(shot: Shot) -> str:
    screen, language = html.escape(shot.sample), html.escape(shot.manner.language)
    look = html.escape(look_of(shot.manner))
    faults = "".join(f"<b>{html.escape(fault)}</b>" for fault in shot.faults)
    return (
        f'<figure data-screen="{screen}" data-language="{language}" data-look="{look}">'
        f'<a href="{html.escape(shot.file)}">'
        f'<img loading="lazy" alt="" src="{html.escape(shot.file)}"></a>'
        f"<figcaption>{screen} · {language} · {look}{faults}</figcaption></figure>"
    )
