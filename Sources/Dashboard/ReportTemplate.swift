// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The page's templates. Every value in them is a ``Markup``, which is escaped where it is made; hence three braces.
enum ReportTemplate {
    /// The library with all templates, the page itself under `page`.
    static func library() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        for (name, text) in all { try library.register(text, named: name) }
        return library
    }

    static let all = ["head": PageHead.template, "page": page, "comparison": comparison, "side": side]

    private static let page = """
        {{> head}}
        <body>
        <header class="wrap" id="result">
        <p class="kicker">Run <b>{{{name}}}</b>{{#kicker}} · {{{.}}}{{/kicker}}</p>
        <h1>{{{headline}}}</h1>
        {{#notices}}
        <p class="notice" role="note">{{{.}}}</p>
        {{/notices}}
        <div class="lead">
        <div>
        <p>{{{detail}}}</p>
        {{#learned}}
        <p class="learned">{{{.}}}</p>
        {{/learned}}
        <dl class="facts">
        {{#facts}}
        <div><dt>{{{label}}}</dt><dd>{{{value}}}</dd></div>
        {{/facts}}
        </dl>
        </div>
        {{#change}}
        {{{.}}}
        {{/change}}
        </div>
        </header>
        <nav aria-label="Sections"><ul>
        {{#sections}}
        <li><a href="#{{{id}}}">{{{title}}}</a></li>
        {{/sections}}
        </ul></nav>
        <main>
        {{#plotSections}}
        <section id="{{{id}}}"><div class="wrap">
        <h2>{{{title}}}</h2>
        <p>{{{intro}}}</p>
        <div class="{{{layout}}}">
        {{#figures}}
        {{{.}}}
        {{/figures}}
        </div>
        </div></section>
        {{/plotSections}}
        {{#comparisons}}
        <section id="examples"><div class="wrap">
        <h2>Before and after</h2>
        <p>{{{intro}}}</p>
        {{#prompts}}
        {{> comparison}}
        {{/prompts}}
        </div></section>
        {{/comparisons}}
        {{#healthSections}}
        <section id="{{{id}}}"><div class="wrap">
        <h2>{{{title}}}</h2>
        <p>{{{intro}}}</p>
        <div class="{{{layout}}}">
        {{#figures}}
        {{{.}}}
        {{/figures}}
        </div>
        </div></section>
        {{/healthSections}}
        {{#unscored}}
        <section id="unscored"><div class="wrap">
        <h2>Completions without a reward</h2>
        <p>{{{intro}}}</p>
        <div class="scroll" tabindex="0">{{{table}}}</div>
        </div></section>
        {{/unscored}}
        {{#recipe}}
        <section id="recipe"><div class="wrap">
        <h2>Recipe</h2>
        <p>The resolved recipe: with it and the same seed the run can be made again.</p>
        <details><summary>Show recipe.yaml</summary>
        <pre class="scroll" tabindex="0">{{{.}}}</pre>
        </details>
        </div></section>
        {{/recipe}}
        </main>
        <footer class="wrap">
        <p>A criterion is <em>credited</em> when its statement is true and describes a virtue, or is not true and describes \
        a fault. A reward is the credited share of a rubric's weight unless the recipe says otherwise. Intervals are 95%. \
        Every number here can be derived from the files beside this page; Docs/metrics.md explains each metric.</p>
        </footer>
        </body>
        </html>

        """

    private static let comparison = """
        <article class="prompt">
        <p class="place"><b>{{{place}}}</b> · mean change over this prompt's samples {{{change}}}</p>
        <h3 dir="auto">{{{prompt}}}</h3>
        <div class="sides">
        {{#before}}{{> side}}{{/before}}
        {{#after}}{{> side}}{{/after}}
        </div>
        <details{{{open}}}><summary>{{{summary}}}</summary>
        <div class="verdicts">
        <div class="head criterion">Criterion</div><div class="head">Before</div><div class="head">After</div>
        {{#criteria}}
        <div class="criterion{{{changed}}}"><span class="id">{{{id}}}</span> <b>{{{title}}}</b><small>{{{tags}}}</small></div>
        <div class="verdict">{{{before}}}</div>
        <div class="verdict">{{{after}}}</div>
        {{/criteria}}
        </div>
        </details>
        </article>

        """

    private static let side = """
        <div class="side"><header><span>{{{heading}}}</span><span>reward <b>{{{reward}}}</b></span></header>\
        <div class="completion" dir="auto" tabindex="0">{{{text}}}</div>\
        {{#ending}}<p class="cut">{{{.}}}</p>{{/ending}}</div>
        """
}
