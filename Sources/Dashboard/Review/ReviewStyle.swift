// SPDX-License-Identifier: Apache-2.0

/// The review page's style sheet, after the colours.
enum ReviewStyle {
    static let text = ReportColors.styleSheet + page + cards

    private static let page = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        h1,h2{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Liberation Serif",serif;
        font-weight:600;line-height:1.25;margin:0}
        h1{font-size:1.35rem}h2{font-size:1.05rem}
        p{margin:0}
        a{color:var(--main);text-underline-offset:.15em}
        :focus-visible{outline:2px solid var(--main);outline-offset:2px;border-radius:2px}
        .wrap{max-width:84rem;margin-inline:auto;padding-inline:1.5rem}
        .bar{position:sticky;top:0;z-index:2;background:var(--page);border-bottom:1px solid var(--rule)}
        .bar .wrap{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.6rem;padding-block:.7rem}
        .bar h1{margin-right:auto;overflow-wrap:anywhere}
        .bar h1 small{font:400 .88rem/1.4 system-ui,sans-serif;color:var(--muted);margin-left:.6rem}
        .progress{display:flex;align-items:center;gap:.7rem;color:var(--muted);font-size:.9rem}
        progress{appearance:none;width:10rem;height:.5rem;border:0;border-radius:.25rem;overflow:hidden;
        background:var(--grid)}
        progress::-webkit-progress-bar{background:var(--grid)}
        progress::-webkit-progress-value{background:var(--good)}
        progress::-moz-progress-bar{background:var(--good)}
        #filters{display:flex;gap:1.1rem;font-size:.9rem}
        #filters a{color:var(--muted);text-decoration:none;padding:.15rem 0}
        #filters a[aria-current]{color:var(--ink);font-weight:600;border-bottom:2px solid var(--main)}
        .moves{display:flex;align-items:center;gap:.9rem;font-size:.9rem}
        .moves form{display:flex;gap:.4rem;align-items:center}
        .moves input{width:5.5rem}
        .off{color:var(--quiet)}
        .columns{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:2.6rem;padding-block:1.6rem 5rem;
        align-items:start}
        aside{position:sticky;top:4.6rem;max-height:calc(100vh - 6rem);overflow:auto;padding-right:.6rem}
        aside section+section{margin-top:1.5rem;padding-top:1.2rem;border-top:1px solid var(--rule)}
        aside h2{color:var(--muted);font:600 .8rem/1.4 system-ui,sans-serif;margin-bottom:.4rem}
        .text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
        .prompt{font-size:1.08rem;line-height:1.5}
        .facts{color:var(--muted);font-size:.85rem;overflow-wrap:anywhere}
        .notice{min-height:1.5em;color:var(--muted);font-size:.92rem;margin-bottom:.5rem;overflow-wrap:anywhere}
        .notice.bad{position:sticky;top:4.4rem;z-index:1;color:var(--ink);background:var(--bad-wash);border-radius:.4rem;padding:.6rem .9rem}
        button,input,select,textarea{font:inherit;color:inherit}
        button{background:var(--surface);border:1px solid var(--rule);border-radius:.35rem;padding:.22rem .7rem;
        cursor:pointer;font-size:.9rem}
        button:hover{border-color:var(--quiet)}
        button[aria-pressed=true]{border-color:var(--main);color:var(--main);font-weight:600}
        input,select,textarea{background:var(--page);border:1px solid var(--rule);border-radius:.35rem;
        padding:.3rem .5rem;width:100%}
        textarea{min-height:5.5rem;resize:vertical;line-height:1.45}
        kbd{font:.78em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;color:var(--muted);
        margin-left:.35em}
        dialog{background:var(--surface);color:var(--ink);border:1px solid var(--rule);border-radius:.6rem;
        padding:1.4rem 1.8rem;max-width:34rem}
        dialog:focus{outline:0}
        dialog::backdrop{background:rgb(0 0 0/.35)}
        dialog dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.2rem;margin:1rem 0 0}
        dialog dt kbd{margin:0 .3em 0 0;color:var(--ink);border:1px solid var(--rule);border-radius:.25rem;
        padding:.05em .4em}
        dialog dd{margin:0}

        """

    private static let cards = """
        article.criterion{border:1px solid var(--rule);border-left:4px solid var(--rule);border-radius:.5rem;
        background:var(--surface);padding:.85rem 1.1rem;margin-bottom:.9rem;scroll-margin:6rem 0 1.5rem}
        article.criterion[data-current]{border-color:var(--quiet);box-shadow:0 1px 8px rgb(0 0 0/.09)}
        article.accepted,article.edited,article.accepted[data-current],article.edited[data-current]{
        border-left-color:var(--good)}
        article.rejected,article.rejected[data-current]{border-left-color:var(--bad)}
        article.criterion:focus{outline:2px solid var(--main);outline-offset:2px}
        article.rejected .statement{text-decoration:line-through;color:var(--muted)}
        .criterion header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .9rem;margin-bottom:.35rem}
        .criterion header h2{overflow-wrap:anywhere}
        .tag{font-size:.85rem;color:var(--muted)}
        .tag.essential{color:var(--essential)}.tag.important{color:var(--important)}
        .tag.optional{color:var(--optional)}.tag.pitfall{color:var(--pitfall)}
        .tag.undecided{color:var(--ink);background:var(--mixed-wash);border-radius:.25rem;padding:0 .45em}
        .status{margin-left:auto;font-size:.85rem;font-weight:600;color:var(--muted)}
        .accepted .status,.edited .status{color:var(--good)}.rejected .status{color:var(--bad)}
        .check{margin-top:.4rem;font-size:.88rem;color:var(--muted);overflow-wrap:anywhere}
        .was{margin-top:.4rem;font-size:.88rem;color:var(--muted)}
        .was summary{cursor:pointer;width:fit-content}
        .actions{display:flex;flex-wrap:wrap;gap:.45rem;margin-top:.75rem}
        .actions .apart{margin-left:auto}
        details.edit{margin-top:.6rem;font-size:.92rem}
        details.edit>summary{cursor:pointer;color:var(--muted);width:fit-content}
        details.edit form{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:.7rem .9rem;margin-top:.6rem}
        details.edit label{grid-column:span 2;color:var(--muted);font-size:.85rem}
        details.edit .wide{grid-column:1/-1}
        details.edit label>*{color:var(--ink);font-size:.95rem;margin-top:.15rem}
        #whole,.foot{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
        .foot{border-top:1px solid var(--rule);margin-top:1.4rem;padding-top:1.1rem}
        .foot form:last-of-type{margin-left:auto}
        .decision{font-weight:600;margin-bottom:.8rem;border-radius:.4rem;padding:.5rem .9rem}
        .decision.accepted{background:var(--good-wash)}.decision.rejected{background:var(--bad-wash)}
        @media(max-width:56rem){.columns{grid-template-columns:minmax(0,1fr);gap:1.4rem}
        aside{position:static;max-height:none}.bar{position:static}
        details.edit label{grid-column:1/-1}}

        """
}
