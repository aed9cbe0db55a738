// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The template of an audit's page. Every value in it is a ``Markup``, as in ``ReportTemplate``.
enum AuditTemplate {
    /// The library with the page under `page`.
    static func library() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        try library.register(PageHead.template, named: "head")
        try library.register(page, named: "page")
        return library
    }

    /// What the page adds to the report's style.
    static let style = """
        td:last-child,th:last-child{text-align:left;white-space:normal}
        .trials th,.trials td{text-align:center;padding:.16rem .5rem}
        .trials th:first-child{text-align:left}
        .trials .good{color:var(--good)}.trials .bad{color:var(--bad)}.trials .hack{color:var(--form)}
        .trials .open{color:var(--muted)}
        .trials .earned{background:var(--good-wash)}.trials .missed{color:var(--muted)}
        .trials th[title],.trials td[title]{cursor:help}
        .rubric h3{white-space:pre-line;overflow-wrap:anywhere}
        .rubric ul{margin:.5rem 0 .9rem;padding-left:1.2rem;max-width:50rem}

        """

    private static let page = """
        {{> head}}
        <body>
        <header class="wrap">
        <p class="kicker">{{{kicker}}}</p>
        <h1>{{{headline}}}</h1>
        <div class="lead"><div><p>{{{detail}}}</p></div></div>
        </header>
        <main>
        <section id="measures"><div class="wrap">
        <h2>Measures</h2>
        <p>Trust is the geometric mean of discrimination and monotonicity above chance, live weight, one less hackability, \
        stability and order invariance, as far as they are known.</p>
        <div class="scroll" tabindex="0">{{{measures}}}</div>
        </div></section>
        <section id="findings"><div class="wrap">
        <h2>Findings</h2>
        <p>How many rubrics have each.</p>
        <div class="scroll" tabindex="0">{{{findings}}}</div>
        </div></section>
        <section id="rubrics"><div class="wrap">
        <h2>Rubrics</h2>
        <p>{{{shown}}} A row is a response; what it says, and each criterion's statement, stands behind its name. + is \
        credited, – is not, ? was not judged. Good answers are green, bad ones red, answers that say nothing orange.</p>
        {{#rubrics}}
        <article class="prompt rubric">
        <p class="place"><b>{{{id}}}</b> · trust {{{trust}}}</p>
        <h3 dir="auto">{{{question}}}</h3>
        <ul>
        {{#findings}}
        <li>{{{.}}}</li>
        {{/findings}}
        </ul>
        <div class="scroll" tabindex="0">{{{table}}}</div>
        </article>
        {{/rubrics}}
        </div></section>
        </main>
        <footer class="wrap"><p>Docs/audit.md says what each finding means, and <code>rubrics refine</code> acts on them.</p></footer>
        </body>
        </html>

        """
}
