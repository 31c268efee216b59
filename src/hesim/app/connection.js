// Says in the page's language that the server is away, and brings the page back when it is there.
(function () {
  "use strict";
  const own = JSON.parse(document.getElementById("hesim-connection").textContent);
  const EACH = 1000;
  let leaving = false;
  let connected = false; // whether this page ever was
  let socket = null;
  let kernel = "";
  let timer = null;
  let asking = false;
  let state = "";
  let sheet = null;

  addEventListener("pagehide", () => {
    leaving = true;
  });

  // Solara says so in English, and only that the page is to be refreshed. Hidden here.
  const style = document.createElement("style");
  style.textContent = `
    .v-overlay[style*="10000"] { display: none !important; }
    .hesim-away { position: fixed; inset: 0; z-index: 2147483000; padding: 12vh 16px 0;
      background: rgba(31, 35, 40, 0.55); font: 16px/1.5 sans-serif; }
    .hesim-away > div { max-width: 36em; margin: 0 auto; padding: 16px 24px; background: #fff;
      color: #1f2328; border: 1px solid #8c959f; border-radius: 6px; }
    .hesim-away h2 { font-size: 1.2rem; margin: 0 0 8px; }
    .hesim-away p { margin: 0; }`;
  document.head.appendChild(style);

  function words(key) {
    const language = document.documentElement.lang;
    return (own.words[language] || own.words.en)[key];
  }

  function say(key) {
    if (state === key || leaving) return;
    state = key;
    if (!sheet) {
      sheet = document.createElement("div");
      sheet.className = "hesim-away";
      sheet.setAttribute("role", "alert");
      document.body.appendChild(sheet);
      // What is behind it does nothing now.
      for (const each of document.body.children) if (each !== sheet) each.inert = true;
    }
    const [title, text] = words(key);
    const card = document.createElement("div");
    card.appendChild(document.createElement("h2")).textContent = title;
    card.appendChild(document.createElement("p")).textContent = text;
    sheet.replaceChildren(card);
  }

  function calm() {
    clearInterval(timer);
    timer = null;
    state = "";
    if (!sheet) return;
    sheet.remove();
    sheet = null;
    for (const each of document.body.children) each.inert = false;
  }

  function again() {
    clearInterval(timer);
    leaving = true;
    location.reload();
  }

  function hasten() {
    // Solara waits up to half a minute between its attempts.
    if (!socket || socket.readyState !== Plain.CLOSED) return;
    try {
      window.solara.debug.kernel().reconnect().catch(() => {});
    } catch (error) {
      if (connected) again();
    }
  }

  async function ask() {
    if (asking || leaving) return;
    asking = true;
    try {
      const got = await fetch("/hesim/here?kernel=" + encodeURIComponent(kernel), {
        cache: "no-store",
      });
      if (got.status === 403) say("no_token");
      else decide(await got.json());
    } catch (error) {
      say("lost");
    } finally {
      asking = false;
    }
  }

  function decide(answer) {
    const open = socket && socket.readyState === Plain.OPEN;
    if (answer.server !== own.server) again();
    else if (open && (answer.running || !connected)) calm();
    else if (answer.running) hasten();
    else if (answer.lack) say(answer.lack);
    else if (connected || state === "full" || state === "short") again();
    else hasten();
  }

  function lost() {
    if (leaving) return;
    // A connection that is opened anew at once needs no words.
    setTimeout(ask, 0);
    if (!timer) timer = setInterval(ask, EACH);
  }

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      socket = this;
      const found = /\/kernels\/([^/]+)\//.exec(this.url);
      if (found) kernel = decodeURIComponent(found[1]);
      this.addEventListener("open", () => {
        if (timer) ask();
        else connected = true;
      });
      this.addEventListener("close", lost);
    }
  };
})();
