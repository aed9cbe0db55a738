// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The review page's templates. Every value in them is a ``Markup``, which is escaped where it is made; hence three
/// braces.
enum ReviewTemplate {
    /// The library with all templates, the page itself under `page`.
    static func library() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        let all = ["page": page, "criterion": criterion, "edit": edit, "help": help]
        for (name, text) in all { try library.register(text, named: name) }
        return library
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{{title}}}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{{{root}}}/review.css">
        <script src="{{{root}}}/review.js" defer></script>
        </head>
        <body>
        <div id="page">
        <header class="bar"><div class="wrap">
        <h1>{{{heading}}}<small>{{{file}}}</small></h1>
        <nav id="filters" aria-label="Filter">
        {{#filters}}
        <a href="{{{href}}}"{{{attributes}}}>{{{label}}}</a>
        {{/filters}}
        </nav>
        <div class="progress"><progress value="{{{reviewed}}}" max="{{{count}}}" aria-label="Reviewed"></progress>\
        <span>{{{progress}}}</span></div>
        <nav class="moves" aria-label="Rubrics">{{{moves}}}
        <form action="{{{root}}}/go" method="get"><input type="hidden" name="filter" value="{{{filter}}}">\
        <input id="number" name="number" inputmode="numeric" autocomplete="off" aria-label="Rubric number" \
        value="{{{number}}}"></form></nav>
        </div></header>
        <div class="wrap columns">
        <aside tabindex="0" aria-label="Prompt and reference">
        {{#texts}}
        <section><h2>{{{label}}}</h2><div class="text{{{style}}}" dir="auto">{{{text}}}</div></section>
        {{/texts}}
        <section class="facts">
        {{#facts}}
        <p>{{{.}}}</p>
        {{/facts}}
        </section>
        </aside>
        <main>
        <p id="notice" class="notice" role="status" aria-live="polite">{{{notice}}}</p>
        {{#decision}}
        <p class="decision {{{style}}}">{{{text}}}</p>
        {{/decision}}
        {{#criteria}}
        {{> criterion}}
        {{/criteria}}
        <div class="foot">
        <form id="whole" method="post" action="{{{decide}}}">
        <input type="hidden" name="rubric" value="{{{hash}}}">
        <button name="action" value="accepted">Accept rubric<kbd>A</kbd></button>
        <button name="action" value="rejected">Reject rubric<kbd>R</kbd></button>
        </form>
        <form method="post" action="{{{root}}}/undo?filter={{{filter}}}">\
        <button id="undo" name="row" value="{{{number}}}">Undo<kbd>z</kbd></button></form>
        <span class="off">Keys<kbd>?</kbd></span>
        <form method="post" action="{{{root}}}/export?filter={{{filter}}}">\
        <button id="export" name="row" value="{{{number}}}">Export<kbd>x</kbd></button></form>
        </div>
        </main>
        </div>
        </div>
        {{> help}}
        </body>
        </html>

        """

    private static let criterion = """
        <article class="criterion {{{style}}}" tabindex="0" aria-label="{{{label}}}"{{{current}}}>
        <header><h2 dir="auto">{{{title}}}</h2>\
        {{#tags}}<span class="tag {{{style}}}">{{{text}}}</span>{{/tags}}\
        <span class="status">{{{status}}}</span></header>
        <p class="statement text" dir="auto">{{{statement}}}</p>
        {{#notes}}
        <p class="check text" dir="auto">{{{.}}}</p>
        {{/notes}}
        {{#was}}
        <details class="was"><summary>As it was</summary><p class="text" dir="auto">{{{.}}}</p></details>
        {{/was}}
        <form class="actions" method="post" action="{{{decide}}}">
        <input type="hidden" name="rubric" value="{{{hash}}}"><input type="hidden" name="criterion" value="{{{place}}}">
        <button name="action" value="accepted">Accept<kbd>a</kbd></button>
        <button name="action" value="rejected">Reject<kbd>r</kbd></button>
        <button class="apart" name="action" value="positive" aria-pressed="{{{isPositive}}}">Virtue<kbd>p</kbd></button>
        <button name="action" value="negative" aria-pressed="{{{isNegative}}}">Fault<kbd>n</kbd></button>
        </form>
        {{> edit}}
        </article>

        """

    private static let edit = """
        <details class="edit"><summary>Edit<kbd>e</kbd></summary>
        <form method="post" action="{{{decide}}}">
        <input type="hidden" name="rubric" value="{{{hash}}}"><input type="hidden" name="criterion" value="{{{place}}}">
        <input type="hidden" name="action" value="edited">
        <label class="wide">Title<input name="title" dir="auto" autocomplete="off" value="{{{rawTitle}}}"></label>
        <label class="wide">Description<textarea name="description" dir="auto" required>
        {{{rawDescription}}}</textarea></label>
        <label>Importance<select name="importance">{{{importances}}}</select></label>
        <label>Weight<input name="weight" inputmode="decimal" autocomplete="off" value="{{{weight}}}"></label>
        <label>Polarity<select name="polarity">{{{polarities}}}</select></label>
        <div class="wide"><button>Save<kbd>Ctrl+Enter</kbd></button><kbd>Esc</kbd> leaves it as it is</div>
        </form></details>
        """

    private static let help = """
        <dialog id="help" aria-label="Keys"><h2>Keys</h2><dl>
        <dt><kbd>j</kbd><kbd>k</kbd></dt><dd>next, previous criterion; arrows down and up do the same</dd>
        <dt><kbd>a</kbd></dt><dd>accept the criterion</dd>
        <dt><kbd>r</kbd></dt><dd>reject it</dd>
        <dt><kbd>e</kbd></dt><dd>edit it; Ctrl+Enter saves, Esc leaves it as it is</dd>
        <dt><kbd>p</kbd><kbd>n</kbd></dt><dd>its statement is a virtue (positive), a fault (negative)</dd>
        <dt><kbd>A</kbd><kbd>R</kbd></dt><dd>accept, reject the whole rubric</dd>
        <dt><kbd>z</kbd></dt><dd>take the last decision back</dd>
        <dt><kbd>l</kbd><kbd>h</kbd></dt><dd>next, previous rubric; arrows right and left do the same</dd>
        <dt><kbd>u</kbd></dt><dd>next rubric that is not reviewed</dd>
        <dt><kbd>f</kbd></dt><dd>next filter: all, unreviewed, polarity undecided</dd>
        <dt><kbd>g</kbd></dt><dd>go to a rubric by its number</dd>
        <dt><kbd>x</kbd></dt><dd>export the reviewed rows</dd>
        <dt><kbd>?</kbd></dt><dd>these keys; ? or Esc closes them</dd>
        </dl></dialog>

        """
}
