// What the browser does by itself: echo at once, focus, keys, views, panel, copying. No framework, no other host.
window.exitPage = (() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = () => find("#words").dataset;
  const box = () => find("#box textarea");
  const UNANSWERED = "unanswered"; // kept over a reload: that a question waited, never which
  let opener = null; // the chip to return to
  let watch = 0;
  let looks = 0; // at a question that has no answer yet, since the last one that got its answer
  let seenCards = new Set();

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };

  function setBox(text) {
    const area = box();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Within 100 ms of pressing Spør: the question echoed, and words for what happens.
  function pending(question) {
    const hint = find("#hint");
    if (!question || !question.trim()) {
      hint.textContent = words().empty;
      return;
    }
    hint.textContent = "";
    setBox("");
    const article = make("article", "exchange pending");
    const asked = make("h2", "asked");
    asked.append(make("bdi", "", question.length > 1200 ? question.slice(0, 280) + " …" : question));
    article.append(asked, make("p", "searching", words().searching));
    find(".turns").append(article);
    document.body.dataset.talking = "yes";
    document.body.dataset.card = "";
    article.scrollIntoView({ block: "nearest" });
    looks = 0;
    watchAgain();
  }

  function watchAgain() {
    clearTimeout(watch);
    watch = setTimeout(checkAlive, 6000);
  }

  // No answer: say so, with the emergency numbers, if the server is gone or has had five looks' time.
  async function checkAlive() {
    const waiting = find(".turns .pending .searching");
    if (!waiting) return;
    let alive = false;
    try {
      alive = (await fetch("health/live", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
    } catch (error) {
      alive = false;
    }
    looks += 1;
    if (alive && looks < 5) watchAgain();
    else all(".turns .pending .searching").forEach((line) => { line.textContent = words().offline; line.className = "warning"; });
  }

  // The card's part of the page may be drawn a moment after the answer's: wait for the card it names.
  function settled(tries = 0) {
    clearTimeout(watch);
    // A request that failed has drawn nothing: its question still waits.
    if (find(".turns .pending .searching")) watchAgain();
    document.body.dataset.talking = find(".turns .exchange") ? "yes" : "";
    const newest = all(".turns .exchange").pop();
    const named = newest && find(".see-card a", newest);
    if (named && !find(named.getAttribute("href")) && tries < 40) {
      setTimeout(() => settled(tries + 1), 25);
      return;
    }
    const card = all(".guidance").find((one) => !seenCards.has(one.id));
    seenCards = new Set(all(".guidance").map((one) => one.id));
    document.body.dataset.card = card || named ? "newest" : "";
    if (card) {
      const heading = find("[data-focus]", card);
      heading.focus({ preventScroll: true });
      scrollUnderTop(card);
      return;
    }
    if (newest) scrollUnderTop(newest);
  }

  function scrollUnderTop(element) {
    const top = find(".top").getBoundingClientRect().height + 12;
    window.scrollTo({ top: element.getBoundingClientRect().top + window.scrollY - top });
  }

  const toBox = () => { seenCards = new Set(all(".guidance").map((one) => one.id)); show("ask"); box().focus(); };

  function cleared() {
    delete document.body.dataset.talking;
    delete document.body.dataset.card;
    shutPanel();
    toBox();
  }

  function spoken() {
    document.documentElement.lang = words().language;
    document.title = words().title;
    nameBox();
    shutPanel();
    const pressed = find('.languages [aria-pressed="true"]');
    if (pressed) pressed.focus();
    show(document.body.dataset.view || "ask");
  }

  // Gradio sets the document's language from the browser's; ours is the interface's.
  function keepLanguage() {
    const root = document.documentElement;
    const mend = () => { if (find("#words") && root.lang !== words().language) root.lang = words().language; };
    mend();
    new MutationObserver(mend).observe(root, { attributes: true, attributeFilter: ["lang"] });
  }

  // The parts of the page arrive one by one: wait for the question box, then name and focus it.
  function greet() {
    if (!box()) { setTimeout(greet, 50); return; }
    nameBox();
    if (sessionStorage.getItem(UNANSWERED)) find("#hint").textContent = words().lost;
    sessionStorage.removeItem(UNANSWERED);
    if (document.activeElement === document.body) box().focus();
  }

  function nameBox() {
    const area = box();
    if (area) area.setAttribute("aria-label", area.placeholder);
  }

  // Views: Spør, Kilder, Hjelp.
  function show(view) {
    document.body.dataset.view = view;
    all("nav [data-view]").forEach((button) => {
      if (button.dataset.view === view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    });
  }

  function openPanel() {
    document.body.dataset.panel = "open";
    all(".chip[aria-expanded], .source[aria-expanded]").forEach((chip) => chip.removeAttribute("aria-expanded"));
    if (opener) opener.setAttribute("aria-expanded", "true");
    const title = find("#panel-title");
    if (title) title.focus({ preventScroll: true });
    const text = find(".section-text");
    const mark = text && (find("mark", text) || find(".here", text));
    if (mark) text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 4;
  }

  function shutPanel() {
    delete document.body.dataset.panel;
    all("[aria-expanded='true'][data-source]").forEach((chip) => chip.removeAttribute("aria-expanded"));
  }

  function closePanel() {
    if (document.body.dataset.panel !== "open") return;
    shutPanel();
    if (opener && opener.isConnected) opener.focus();
  }

  async function copy(button) {
    const text = button.dataset.copy;
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch (error) {
      const area = make("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const before = button.textContent;
    button.setAttribute("aria-live", "polite");
    button.textContent = done ? words().copied : words().no_copy;
    setTimeout(() => { button.textContent = before; }, 2500);
  }

  function printCard(card) {
    all(".print-this").forEach((one) => one.classList.remove("print-this"));
    card.classList.add("print-this");
    document.body.classList.add("print-card");
    addEventListener("afterprint", () => document.body.classList.remove("print-card"), { once: true });
    window.print();
  }

  function askThis(question, trigger) {
    pending(question);
    trigger("submit", { question });
  }

  const numberOf = (element) => element.closest("[data-exchange]").dataset.exchange;

  const clicks = {
    head(target, trigger) {
      if (target.dataset.view) { show(target.dataset.view); shutPanel(); window.scrollTo({ top: 0 }); if (target.dataset.view === "ask") box().focus(); }
      else if (target.dataset.language) trigger("select", { language: target.dataset.language });
      else if (target.dataset.do === "theme") document.body.classList.toggle("dark");
      else if (target.dataset.do === "to-box") toBox();
      else return false;
      return target.tagName === "A";
    },
    card(target, trigger) {
      const card = target.closest(".guidance");
      if (target.dataset.do === "close") trigger("clear", { exchange: numberOf(target) });
      else if (target.dataset.do === "print") printCard(card);
      else if (target.dataset.do === "show_anyway") { target.disabled = true; trigger("expand", { exchange: numberOf(target) }); }
      return false;
    },
    log(target, trigger) {
      const data = target.dataset;
      if (data.source || data.hit) {
        opener = target;
        const which = data.source ? { source: data.source } : { hit: data.hit };
        trigger("select", { exchange: numberOf(target), ...which });
      } else if (data.question) askThis(data.question, trigger);
      else if (data.copy) copy(target);
      else if (data.useful === "1") trigger("like", { exchange: numberOf(target), useful: true });
      else if (data.useful === "0") {
        const form = find("form", target.closest(".feedback"));
        form.hidden = !form.hidden;
        target.setAttribute("aria-expanded", String(!form.hidden));
        if (!form.hidden) find("input", form).focus();
      } else if (data.do === "to-card") {
        const heading = find(target.getAttribute("href") + " [data-focus]") || find(".guidance [data-focus]");
        if (heading) { heading.focus({ preventScroll: true }); scrollUnderTop(heading.closest(".guidance")); }
        return true;
      }
      return false;
    },
    panel(target, trigger) {
      if (target.dataset.do === "close-panel") closePanel();
      else if (target.dataset.source) trigger("select", { exchange: numberOf(target), source: target.dataset.source });
      return false;
    },
    examples(target, trigger) {
      if (target.dataset.question) askThis(target.dataset.question, trigger);
      return false;
    },
    disclosure(target, trigger) {
      if (target.dataset.do === "new") trigger("delete", {});
      return false;
    },
  };

  function bind(part, element, trigger) {
    element.addEventListener("click", (event) => {
      const target = event.target.closest("button, a");
      if (target && element.contains(target) && clicks[part](target, trigger)) event.preventDefault();
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      const chosen = find("input[type=radio]:checked", form);
      trigger("like", {
        exchange: numberOf(form),
        useful: false,
        reason: chosen ? chosen.value : "",
        attach: find("[name=attach]", form).checked,
      });
    });
    if (part === "head") {
      const first = find("#first-paint");
      if (first) first.remove();
      show(document.body.dataset.view || "ask");
      keepLanguage();
    }
    if (part === "disclosure") greet();
  }

  // Gradio reloads the page when a request is cut off: the question is gone then, and that must be said.
  addEventListener("pagehide", () => {
    if (find(".turns .pending .searching")) sessionStorage.setItem(UNANSWERED, "yes");
  });

  addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") closePanel();
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      toBox();
    }
  });

  return { bind, pending, settled, openPanel, toBox, cleared, spoken };
})();
