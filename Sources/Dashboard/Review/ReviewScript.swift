// SPDX-License-Identifier: Apache-2.0

/// The page's script: keys, and decisions sent without leaving the page. Without it the page's forms work as they are.
enum ReviewScript {
    static let text = """
        "use strict";
        (() => {
          const find = (selector, root = document) => root.querySelector(selector);
          const cards = () => [...document.querySelectorAll("article.criterion")];
          const current = () => document.activeElement?.closest("article.criterion")
            ?? find("article.criterion[data-current]") ?? cards()[0];
          let queue = Promise.resolve();

          const say = (text, isBad) => {
            const notice = find("#notice");
            notice.textContent = text;
            notice.className = isBad ? "notice bad" : "notice";
          };
          const focus = card => {
            if (!card) return;
            for (const other of cards()) other.removeAttribute("data-current");
            card.setAttribute("data-current", "");
            card.focus({preventScroll: true});
            card.scrollIntoView({block: "nearest"});
          };
          const show = (html, url) => {
            const page = new DOMParser().parseFromString(html, "text/html");
            document.title = page.title;
            find("#page").replaceWith(find("#page", page));
            history.replaceState(null, "", url);
            focus(find("article.criterion[data-current]"));
          };
          const send = async (form, submitter) => {
            const body = new URLSearchParams(new FormData(form, submitter));
            document.body.setAttribute("aria-busy", "true");
            try {
              const response = await fetch(form.getAttribute("action"), {method: "POST", body});
              const text = await response.text();
              if (response.ok) show(text, response.url); else say(text, true);
            } catch {
              say("The server does not answer, and this was not kept. Start rubrics review again; "
                + "everything decided before is there.", true);
            }
            document.body.removeAttribute("aria-busy");
          };
          const later = action => { queue = queue.then(action); };
          const press = (root, selector) => later(() => {
            const button = root() && find(selector, root());
            if (button) return send(button.form, button);
          });
          const here = selector => press(current, selector);
          const page = selector => press(() => document, selector);
          const follow = selector => later(() => { find(selector)?.click(); });
          const step = by => {
            const list = cards();
            focus(list[Math.min(list.length - 1, Math.max(0, list.indexOf(current()) + by))]);
          };
          const edit = () => {
            const details = current() && find("details.edit", current());
            if (!details) return;
            details.open = true;
            const text = find("textarea", details);
            text.focus();
            text.setSelectionRange(text.value.length, text.value.length);
          };
          const help = () => { const box = find("#help"); box.open ? box.close() : box.showModal(); };

          const keys = {
            j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
            a: () => here("button[value=accepted]"), r: () => here("button[value=rejected]"),
            p: () => here("button[value=positive]"), n: () => here("button[value=negative]"), e: edit,
            A: () => page("#whole button[value=accepted]"), R: () => page("#whole button[value=rejected]"),
            z: () => page("#undo"), x: () => page("#export"), f: () => follow("#filters [data-next]"),
            l: () => follow("#next"), ArrowRight: () => follow("#next"), h: () => follow("#previous"),
            ArrowLeft: () => follow("#previous"), u: () => follow("#unreviewed"),
            g: () => { find("#number").focus(); find("#number").select(); }, "?": help,
          };
          document.addEventListener("keydown", event => {
            const field = event.target.closest("input, textarea, select");
            if (field) {
              const details = field.closest("details.edit");
              if (event.key === "Escape") {
                event.preventDefault();
                if (details) { find("form", details).reset(); details.open = false; focus(details.closest("article")); }
                else field.blur();
              } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && details) {
                event.preventDefault();
                find("form", details).requestSubmit();
              }
              return;
            }
            if (event.ctrlKey || event.metaKey || event.altKey || (find("#help").open && event.key !== "?")) return;
            if (!Object.hasOwn(keys, event.key)) return;
            event.preventDefault();
            keys[event.key]();
          });
          document.addEventListener("submit", event => {
            if (event.target.method !== "post") return;
            event.preventDefault();
            const {target, submitter} = event;
            later(() => send(target, submitter));
          });
          document.addEventListener("focusin", event => {
            const card = event.target.closest("article.criterion");
            if (!card) return;
            for (const other of cards()) other.toggleAttribute("data-current", other === card);
          });
          focus(find("article.criterion[data-current]"));
        })();

        """
}
