/* Draws charts by Vega, and lets all charts of the page show the same months.

   Other parts of the page may send `hesim-period` to the window, with `{detail: {start, end}}`
   (months as "2011-03", or null for all of them), and hear of it when a chart was zoomed. */
(function () {
  if (window.hesimCharts) return;
  const followers = new Set();
  let period = null;
  let loading = null;

  function load(address) {
    return new Promise((ready, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = ready;
      script.onerror = () => failed(new Error("the script of charts did not come"));
      document.head.appendChild(script);
    });
  }

  function rowsOf(columns) {
    const names = Object.keys(columns);
    if (!names.length) return [];
    return columns[names[0]].map((_, k) =>
      Object.fromEntries(names.map((name) => [name, columns[name][k]])),
    );
  }

  /* As `digits_of` in Python has it. */
  function digitsOf(value) {
    const size = Math.abs(value);
    if (value === Math.round(value) || +size.toFixed(1) >= 20) return 0;
    return +size.toFixed(2) >= 2 ? 1 : 2;
  }

  /* As `Phrases.number` in Python writes it. */
  function number(value, language) {
    if (value === null || value === undefined) return "-";
    const written = (digits, locale) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: locale !== "en",
        roundingMode: "halfEven",
      });
    // What rounding leaves counts, and nothing has no sign.
    const rounded = +written(digitsOf(value), "en").format(value) + 0;
    return written(digitsOf(rounded), language === "nl" ? "nl-NL" : "en-GB").format(rounded);
  }

  /* A cell in the visitor's language. */
  function cell(column, value, chart) {
    if (column.kind === "flag") return value ? chart.words.yes : chart.words.no;
    if (column.kind === "number") return column.name === "year" ? String(value) : number(value, chart.language);
    if (column.kind === "month") return chart.months[+value.slice(5, 7) - 1] + " " + value.slice(0, 4);
    return column.cells[value] || value;
  }

  function head(column) {
    return column.unit ? column.title + ", " + column.unit : column.title;
  }

  function monthNames(language) {
    const names = (kind, style, days) =>
      [...Array(days).keys()].map((k) =>
        new Intl.DateTimeFormat(language, { [kind]: style, timeZone: "UTC" }).format(
          Date.UTC(2023, kind === "month" ? k : 0, kind === "month" ? 1 : 1 + k),
        ),
      );
    return {
      dateTime: "%x %X", date: "%d-%m-%Y", time: "%H:%M", periods: ["AM", "PM"],
      days: names("weekday", "long", 7), shortDays: names("weekday", "short", 7),
      months: names("month", "long", 12), shortMonths: names("month", "short", 12),
    };
  }

  const LOCALES = {
    en: { decimal: ".", thousands: ",", grouping: [3], currency: ["", ""] },
    nl: { decimal: ",", thousands: ".", grouping: [3], currency: ["", ""] },
  };

  /* What the mouse points at, in words: text only, whatever the names hold. */
  class Hint {
    constructor(frame) {
      this.box = document.createElement("div");
      this.box.className = "hesim-hint";
      this.box.setAttribute("aria-hidden", "true");
      this.box.hidden = true;
      frame.appendChild(this.box);
    }
    show(x, y, title, lines) {
      this.box.textContent = "";
      const top = document.createElement("strong");
      top.textContent = title;
      const table = document.createElement("table");
      for (const line of lines) {
        const row = table.insertRow();
        for (const text of line) row.insertCell().textContent = text;
      }
      this.box.append(...(title ? [top] : []), table);
      this.box.hidden = false;
      const { width, height } = this.box.getBoundingClientRect();
      const left = x + 16 + width > window.innerWidth ? x - width - 12 : x + 16;
      this.box.style.left = Math.max(4, left) + "px";
      this.box.style.top = Math.max(4, Math.min(y + 12, window.innerHeight - height - 4)) + "px";
    }
    hide() {
      this.box.hidden = true;
    }
  }

  /* Rows side by side: a column for each, with their columns as lines. */
  function lines(rows, chart, apart, unit) {
    const shown = chart.columns.filter((c) => c.name in rows[0] && !apart.includes(c.name));
    return shown
      .filter((column) => rows.some((row) => row[column.name] !== null))
      .map((column) => [column.unit === unit ? column.title : head(column), ...rows.map((row) => cell(column, row[column.name], chart))]);
  }

  class View {
    constructor(element, panel, tables, chart, hint) {
      Object.assign(this, { element, panel, chart, hint });
      this.rows = rowsOf(tables.table);
      this.ready = this.empty() ? Promise.resolve() : this.begin(tables);
    }

    /* Without a figure there is no period that the chart could span. */
    empty() {
      return Boolean(this.panel.time) && !this.rows.length;
    }

    begin(tables) {
      return (this.made = this.made || this.embed(tables));
    }

    async embed(tables) {
      const { panel, chart, element } = this;
      const spec = JSON.parse(JSON.stringify(panel.spec));
      spec.datasets = { ...spec.datasets };
      for (const name in tables) spec.datasets[name] = rowsOf(tables[name]);
      // Specifications are the package's own and name no address; nothing is ever fetched.
      const nothing = () => Promise.reject(new Error("charts fetch nothing"));
      const loader = { load: nothing, sanitize: nothing, options: {} };
      const made = await window.vegaEmbed(element, spec, {
        mode: "vega-lite",
        renderer: "svg",
        actions: false,
        // Expressions are walked through by an interpreter: no code is made of text.
        ast: true,
        defaultStyle: false,
        loader,
        formatLocale: LOCALES[chart.language] || LOCALES.en,
        timeFormatLocale: monthNames(chart.language),
        tooltip: (handler, event, item, value) => this.point(event, item, value),
      });
      this.view = made.view;
      this.finalize = made.finalize;
      if (this.over) return made.finalize();
      this.watch = new ResizeObserver(() => this.fit());
      this.watch.observe(element);
      if (panel.family === "lines") this.follow();
      if (panel.time) this.share();
    }

    fit() {
      const width = this.element.clientWidth;
      if (width > 0 && width !== this.width) {
        this.width = width;
        this.view.width(width).runAsync();
      }
    }

    async change(tables) {
      this.rows = rowsOf(tables.table);
      await this.ready;
      if (this.over) return;
      this.element.hidden = this.empty();
      if (this.element.hidden) return;
      this.ready = this.begin(tables);
      await this.ready;
      if (this.over) return;
      for (const name in tables) {
        const rows = name === "table" ? this.rows : rowsOf(tables[name]);
        this.view.change(name, this.view.changeset().remove(() => true).insert(rows));
      }
      await this.view.runAsync();
    }

    /* Marks of rows and squares say all of their row. */
    point(event, item, value) {
      const row = value && item && item.datum && this.rows[item.datum._row];
      if (!row) return this.panel.family === "lines" ? undefined : this.hint.hide();
      this.hint.show(event.clientX, event.clientY, "", lines([row], this.chart, [], ""));
    }

    /* Lines say all rows of the place that is nearest. */
    follow() {
      const x = this.panel.time ? "_at" : this.panel.x;
      this.element.addEventListener("pointermove", (event) => {
        const box = this.element.querySelector("svg").getBoundingClientRect();
        const at = event.clientX - box.left - this.view.origin()[0];
        if (event.buttons || at < -4 || at > this.view.width() + 4 || !this.rows.length) return this.hint.hide();
        const value = +this.view.scale("x").invert(at);
        const nearest = this.rows.reduce((a, b) => (Math.abs(b[x] - value) < Math.abs(a[x] - value) ? b : a));
        const here = this.rows.filter((row) => row[x] === nearest[x]);
        const column = this.chart.columns.find((c) => c.name === this.panel.x);
        const title = cell(column, nearest[this.panel.x], this.chart);
        const unit = this.panel.unit;
        this.hint.show(event.clientX, event.clientY, unit ? title + ": " + unit : title,
          lines(here, this.chart, [this.panel.x], unit));
      });
      this.element.addEventListener("pointerleave", () => this.hint.hide());
    }

    /* Zoomed, moved or drawn over: the other charts follow. */
    share() {
      this.whole = this.view.scale("x").domain().map(Number);
      followers.add(this);
      this.view.addSignalListener("period__at", (_, value) => {
        if (!this.told) setPeriod(value ? value.map(Number) : null, this);
      });
      this.end = () => {
        const drawn = this.view.signal("brush__at");
        if (!drawn || drawn.length !== 2) return;
        const ends = drawn.map(Number).sort((a, b) => a - b);
        this.view.signal("brush_x", [0, 0]);
        // Less than a month is a click.
        if (ends[1] - ends[0] > 28 * 864e5) setPeriod(ends, null);
        else this.view.runAsync();
      };
      window.addEventListener("pointerup", this.end);
      this.show(period);
    }

    show(months) {
      this.told = true;
      this.view.signal("period__at", months);
      return this.view.runAsync().finally(() => (this.told = false));
    }

    zoom(factor) {
      const [low, high] = period || this.whole;
      const half = ((high - low) * factor) / 2, middle = (low + high) / 2;
      const ends = [Math.max(this.whole[0], middle - half), Math.min(this.whole[1], middle + half)];
      setPeriod(ends[0] <= this.whole[0] && ends[1] >= this.whole[1] ? null : ends, null);
    }

    async grow(height) {
      await this.ready;
      if (!this.view || (this.panel.family !== "lines" && this.panel.family !== "points")) return;
      this.usual = this.usual || this.view.height();
      await this.view.height(height || this.usual).runAsync();
    }

    async close() {
      this.over = true;
      followers.delete(this);
      if (this.end) window.removeEventListener("pointerup", this.end);
      if (this.watch) this.watch.disconnect();
      await this.ready.catch(() => null);
      if (this.finalize) this.finalize();
    }
  }

  function iso(moment) {
    return new Date(moment).toISOString().slice(0, 7);
  }

  function setPeriod(months, from, silent) {
    period = months;
    for (const each of followers) if (each !== from) each.show(months);
    if (silent) return;
    const detail = months ? { start: iso(months[0]), end: iso(months[1]), own: true } : { own: true };
    window.dispatchEvent(new CustomEvent("hesim-period", { detail }));
  }

  window.addEventListener("hesim-period", (event) => {
    const { start, end, own } = event.detail || {};
    if (!own) setPeriod(start && end ? [Date.parse(start + "-01"), Date.parse(end + "-01")] : null, null, true);
  });

  const SVG = "http://www.w3.org/2000/svg";

  function add(parent, name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  function wrapped(text, room, size, weight) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = (weight || "") + " " + size + "px system-ui, 'DejaVu Sans', Arial, sans-serif";
    const made = [""];
    for (const word of text.split(" ")) {
      const longer = made[made.length - 1] ? made[made.length - 1] + " " + word : word;
      if (pen.measureText(longer).width <= room || !made[made.length - 1]) made[made.length - 1] = longer;
      else made.push(word);
    }
    return [made, Math.max(...made.map((line) => pen.measureText(line).width))];
  }

  /* Marks of a sign of the key, as [element, attributes], in a box of 26 by 14. */
  function sign(one) {
    const stroke = { stroke: one.colour, "stroke-width": 2, fill: "none" };
    const line = (more) => ["path", { d: "M1 7H25", ...stroke, ...more }];
    const dot = (fill) => ["circle", { cx: 13, cy: 7, r: 4, stroke: one.colour, "stroke-width": 2, fill }];
    const bar = (fill) => ["rect", { x: 3, y: 2, width: 20, height: 10, stroke: one.colour, "stroke-width": 1.5, fill }];
    return {
      line: [line({})], dashed: [line({ "stroke-dasharray": "6 3" })],
      dotted: [line({ "stroke-dasharray": "2 3" })], thin: [line({ "stroke-width": 0.8 })],
      band: [["rect", { x: 1, y: 1, width: 24, height: 12, fill: one.colour, "fill-opacity": 0.25 }]],
      dot: [dot(one.colour)], hollow_dot: [dot("#ffffff")], bar: [bar(one.colour)], hollow_bar: [bar("#ffffff")],
      across: [line({ "stroke-width": 1.6 })], thick: [line({ "stroke-width": 6, "stroke-opacity": 0.35 })],
      upright: [["path", { d: "M13 0V14", ...stroke, "stroke-width": 1.2, "stroke-dasharray": "3 3" }]],
    }[one.sign] || [];
  }

  /* The whole chart as one picture: title, panels, key, small print, and of which run it is. */
  async function picture(chart, views) {
    const images = [];
    for (const each of views) {
      await each.ready;
      if (!each.view) continue;
      const text = await each.view.toSVG();
      images.push(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
    }
    const width = Math.max(360, ...images.map((image) => +image.getAttribute("width"))) + 16;
    const root = document.createElementNS(SVG, "svg");
    const paper = add(root, "rect", { width: "100%", height: "100%", fill: "#ffffff" });
    let y = 8;
    const write = (text, size, colour, weight) => {
      for (const line of wrapped(text, width - 16, size, weight)[0]) {
        y += size + 3;
        add(root, "text", { x: 8, y, "font-size": size, fill: colour, "font-weight": weight || 400 }, line);
      }
    };
    write(chart.grade ? chart.title + " (" + chart.grade + ")" : chart.title, 15, "#1f2328", 600);
    images.forEach((image, k) => {
      const { title, unit } = chart.panels[k];
      if (title) write(title, 13, "#1f2328", 600);
      if (unit) write(unit, 12, "#4a5158");
      image.setAttribute("x", 8);
      image.setAttribute("y", y + 4);
      root.appendChild(document.importNode(image, true));
      y += 8 + +image.getAttribute("height");
    });
    let x = 8;
    y += 6;
    for (const one of chart.swatches) {
      const [[text], wide] = wrapped(one.label, Infinity, 12);
      if (x > 8 && x + 46 + wide > width) [x, y] = [8, y + 18];
      const place = add(root, "g", { transform: "translate(" + x + "," + y + ")" });
      for (const [name, attributes] of sign(one)) add(place, name, attributes);
      add(place, "text", { x: 31, y: 11, "font-size": 12, fill: "#1f2328" }, text);
      x += 46 + wide;
    }
    y += chart.swatches.length ? 18 : 0;
    for (const line of chart.small) write(line, 12, "#4a5158");
    write(chart.origin, 12, "#4a5158");
    const height = y + 10;
    const size = { width, height, viewBox: "0 0 " + width + " " + height };
    for (const key in size) root.setAttribute(key, size[key]);
    root.setAttribute("font-family", "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif");
    const name = document.createElementNS(SVG, "title");
    name.textContent = chart.text;
    root.insertBefore(name, paper);
    return { text: new XMLSerializer().serializeToString(root), width, height };
  }

  async function photograph(drawn) {
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawn.text);
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * drawn.width, 2 * drawn.height];
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    pen.drawImage(image, 0, 0);
    return new Promise((ready) => canvas.toBlob(ready, "image/png"));
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* What Vega's charts and our own pictures have in common: full screen, the table, files.
     The element of the card is `$refs.frame`; its `grown` is told when it fills the screen or
     no longer does. Solara knows no mixins, so a card's own parts are laid over these. */
  function card(own) {
    return {
      ...own,
      data: () => ({ open: false, wide: false }),
      watch: {
        ...own.watch,
        sheet(now) {
          if (now && now.stamp) this.save(new Blob([now.text], { type: "text/csv;charset=utf-8" }), "csv");
        },
      },
      mounted() {
        document.addEventListener("fullscreenchange", this.filled);
        document.addEventListener("keydown", this.shrink);
        own.mounted.call(this);
      },
      beforeDestroy() {
        document.removeEventListener("fullscreenchange", this.filled);
        document.removeEventListener("keydown", this.shrink);
        if (own.beforeDestroy) own.beforeDestroy.call(this);
      },
      methods: {
        save(blob, kind) {
          save(blob, this.file + "." + kind);
        },
        async fill() {
          if (document.fullscreenElement) return document.exitFullscreen();
          // A telephone may have no full screen: then the card lies over the page.
          if (this.$refs.frame.requestFullscreen) return this.$refs.frame.requestFullscreen();
          this.wide = !this.wide;
          if (this.grown) this.grown();
        },
        filled() {
          this.wide = document.fullscreenElement === this.$refs.frame;
          if (this.grown) this.grown();
        },
        shrink(event) {
          if (event.key !== "Escape" || !this.wide || document.fullscreenElement) return;
          this.wide = false;
          if (this.grown) this.grown();
        },
        ...own.methods,
      },
    };
  }

  window.hesimCharts = {
    async open(element, panel, tables, chart, hint) {
      loading = loading || load(chart.scripts.vega);
      await loading;
      return new View(element, panel, tables, chart, hint);
    },
    whole: () => setPeriod(null, null),
    Hint, cell, head, rowsOf, sign, picture, photograph, save, card,
  };
})();
