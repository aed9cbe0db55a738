// SPDX-License-Identifier: Apache-2.0

/// The page's style sheet, after the colours.
enum ReportStyle {
    static let text = page + figures + comparisons

    private static let page = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
        body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        .wrap{max-width:71rem;margin-inline:auto;padding-inline:1.25rem}
        h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Liberation Serif",serif;
        font-weight:600;line-height:1.2;letter-spacing:-.005em;text-wrap:balance;margin:0}
        h1{font-size:clamp(1.8rem,4.6vw,2.9rem)}
        h2{font-size:1.55rem;margin-bottom:.35rem}
        p{margin:0 0 .8rem;max-width:44rem;text-wrap:pretty}
        a{color:var(--main);text-underline-offset:.15em}
        :focus-visible{outline:2px solid var(--main);outline-offset:2px;border-radius:2px}
        body>header{padding-block:2.6rem 1.9rem}
        .kicker{color:var(--muted);font-size:.92rem;margin-bottom:.7rem;max-width:none}
        .kicker b{color:var(--ink);font-weight:600}
        nav{border-block:1px solid var(--rule);font-size:.92rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;list-style:none;margin:0 auto;padding:.55rem 1.25rem;
        max-width:71rem}
        nav a{display:inline-block;padding:.25rem 0;color:var(--ink);text-decoration:none}
        nav a:hover{text-decoration:underline}
        section{padding:2.6rem 0;border-bottom:1px solid var(--rule);scroll-margin-top:.5rem}
        section>.wrap>p{color:var(--muted)}
        .lead{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.6rem 3.4rem;
        align-items:start;margin-top:1.3rem}
        .lead p{font-size:1.07rem}
        .lead .learned{border-left:3px solid var(--form);padding-left:.95rem}
        .facts{display:flex;flex-wrap:wrap;gap:.9rem 2.2rem;margin:1.6rem 0 0;padding:0}
        .facts div{display:flex;flex-direction:column-reverse}
        .facts dt{color:var(--muted);font-size:.85rem}
        .facts dd{margin:0;font-size:1.15rem;font-weight:600}
        .notice{background:var(--mixed-wash);border-radius:.4rem;padding:.65rem .95rem;margin:1rem 0 0;max-width:none}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .scroll{overflow:auto;max-width:100%;-webkit-overflow-scrolling:touch}
        pre{background:var(--surface);border:1px solid var(--rule);border-radius:.4rem;padding:1rem;margin:.6rem 0 0;
        font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;tab-size:2}
        summary{cursor:pointer}
        details>summary{color:var(--muted);font-size:.88rem;width:fit-content;padding:.2rem 0}
        table{border-collapse:collapse;font-size:.88rem;margin:.4rem 0}
        th,td{text-align:right;padding:.22rem .7rem;border-bottom:1px solid var(--rule);font-weight:400;white-space:nowrap}
        thead th{color:var(--muted);vertical-align:bottom}
        th:first-child{text-align:left;padding-left:0}
        footer{padding:1.6rem 0 3rem;color:var(--muted);font-size:.9rem}

        """

    private static let figures = """
        figure{margin:0;min-width:0}
        figcaption{margin-bottom:.5rem}
        figcaption strong{display:block;font-weight:600}
        .note{display:block;color:var(--muted);font-size:.88rem;line-height:1.4;max-width:44rem}
        .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));gap:2.2rem 3rem;
        margin-top:1.5rem}
        .plots.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr));gap:1.9rem 2.4rem}
        svg{display:block;font-family:inherit;font-variant-numeric:tabular-nums;overflow:visible}
        .drawing svg{width:100%;height:auto}
        svg text{font-size:12.5px;fill:var(--ink)}
        svg .tick{fill:var(--muted);font-size:12px}
        .grid{stroke:var(--grid);stroke-width:1}
        .axis{stroke:var(--quiet);stroke-width:1}
        .line{fill:none;stroke:currentColor;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
        .band{fill:currentColor;fill-opacity:.15}
        .bar{stroke:currentColor;stroke-width:2}
        .dot{fill:currentColor;stroke:var(--page);stroke-width:1}
        .dot.faint{fill-opacity:.55;stroke:none}
        .dot.dense{fill-opacity:0;stroke-opacity:0}
        .dot:hover{fill-opacity:1;stroke-opacity:1}
        svg .name{font-weight:600;fill:currentColor}
        .interval{stroke:currentColor;stroke-width:13;stroke-opacity:.22}
        .link{stroke:currentColor;stroke-width:2.2}
        .end{fill:currentColor;stroke:var(--page);stroke-width:1.5}
        .end.hollow{fill:var(--page);stroke:var(--quiet);stroke-width:2.2}
        .main{color:var(--main)}.quiet{color:var(--quiet)}.content{color:var(--content)}.form{color:var(--form)}
        .essential{color:var(--essential)}.important{color:var(--important)}.optional{color:var(--optional)}
        .pitfall{color:var(--pitfall)}
        .important.line{stroke-dasharray:7 4}.optional.line{stroke-dasharray:2 4}.pitfall.line{stroke-dasharray:9 3 2 3}
        .cell{fill:var(--heat)}
        svg .weak{fill:var(--heat-weak)}svg .middle{fill:var(--heat-middle)}svg .strong{fill:var(--heat-strong)}
        svg .rowgroup{font-weight:600;font-size:13.5px}
        svg .summary,svg .delta{font-weight:600}
        .heat{margin-top:1.5rem}
        @supports(grid-template-rows:subgrid){.plots figure{display:grid;
        grid-template:subgrid/minmax(0,1fr);grid-row:span 3;row-gap:0}}

        """

    private static let comparisons = """
        .prompt{border-top:1px solid var(--rule);padding:1.5rem 0 .4rem;margin-top:1.3rem}
        .prompt h3{font-size:1.15rem;max-width:46rem;text-wrap:pretty;white-space:pre-line;overflow-wrap:anywhere}
        .place{color:var(--muted);font-size:.9rem;margin-bottom:.3rem}
        .place b{color:var(--ink)}
        .sides{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem 1.6rem;margin:.9rem 0 .6rem}
        .side{background:var(--surface);border:1px solid var(--rule);border-radius:.5rem;padding:.8rem 1rem}
        .side header{display:flex;justify-content:space-between;gap:1rem;padding:0 0 .45rem;
        font-size:.88rem;color:var(--muted)}
        .side header b{color:var(--ink);font-weight:600}
        .completion{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;max-height:30rem;overflow:auto;
        max-width:none;margin:0}
        .cut{color:var(--muted);font-size:.85rem;margin:.45rem 0 0}
        mark{color:inherit;background:var(--good-wash);border-radius:.15rem;padding:.05em .1em;
        box-decoration-break:clone;-webkit-box-decoration-break:clone}
        mark.bad{background:var(--bad-wash);text-decoration:underline wavy var(--bad) 1px;text-underline-offset:.2em}
        mark.mixed{background:var(--mixed-wash)}
        mark.near,mark.clear{background:none;text-decoration:underline dotted var(--quiet) 2px;text-underline-offset:.22em}
        mark.near{text-decoration-color:var(--bad)}
        mark sup{font-size:.68em;line-height:0;color:var(--muted);margin-left:.2em}
        .verdicts{display:grid;grid-template-columns:minmax(0,14rem) repeat(2,minmax(0,1fr));margin:.4rem 0 0;
        font-size:.9rem}
        .verdicts>*{padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
        .verdicts .head{color:var(--muted);font-size:.85rem}
        .criterion b{font-weight:600}
        .criterion.changed b::after{content:" changed";color:var(--main);font-weight:400;font-size:.85em}
        .criterion small{display:block;color:var(--muted);font-size:.85em}
        .criterion .id{color:var(--muted)}
        .verdict{display:grid;grid-template-columns:1.4em 1fr;color:var(--muted)}
        .verdict .unseen{grid-row:1}
        .sign{font-weight:700}.sign.good{color:var(--good)}.sign.bad{color:var(--bad)}.sign.none{color:var(--muted)}
        @media(max-width:46rem){
        .lead,.sides{grid-template-columns:minmax(0,1fr)}.facts{gap:.9rem 1.3rem}.facts dd{font-size:1.05rem}
        body>header{padding-block:1.7rem 1.3rem}section{padding:2rem 0}
        .drawing svg text{font-size:14.5px}.drawing svg .tick{font-size:14px}
        .verdicts{grid-template-columns:repeat(2,minmax(0,1fr))}
        .verdicts .criterion{grid-column:1/-1;border-bottom:0;padding-bottom:.1rem}
        .verdicts .head.criterion{display:none}
        }
        @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        @media print{nav{display:none}section{break-inside:auto}figure,.prompt{break-inside:avoid}}

        """
}
