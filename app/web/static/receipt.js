/* Checks a receipt on the reader's own device: what was typed never leaves it. We are asked for
   the mid rate of two currencies on a day, and for nothing else. The sum is that of
   app/domain/receipt.py, with whole numbers of any length; the sentences stand in a template on
   the page. Where something that this needs is missing, the form is posted as without scripts. */
"use strict";
(() => {
  const form = document.getElementById("receipt");
  const able = typeof BigInt === "function" && window.fetch && Element.prototype.replaceChildren
    && "content" in document.createElement("template");
  if (!form || !able) return;

  const kept = document.getElementById("outcomes").content;
  const section = document.getElementById("answer");
  const words = form.dataset;
  const APART = "' \u00a0\u202f\u066c";
  const FIGURES = ["0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"];
  const big = (text) => BigInt(text);
  const ZERO = big("0");

  /* ---- exact numbers: fractions of whole numbers, with a denominator above zero ---- */
  const power = (digits) => big("1" + "0".repeat(digits));
  const plain = (text) => {
    const [whole, part = ""] = text.split(".");
    return [big(whole + part), power(part.length)];
  };
  const minus = ([a, b], [c, d]) => [a * d - c * b, b * d];
  const by = ([a, b], [c, d]) => [a * c, b * d];
  const over = ([a, b], [c, d]) => [a * d, b * c];
  const below = ([a, b], [c, d]) => a * d < c * b;
  const positive = ([a, b]) => (a < ZERO ? [-a, b] : [a, b]);

  /* A text with so many digits after its point; halves away from zero, or to the even one. */
  const rounded = ([a, b], digits, even = false) => {
    const [size] = positive([a, b]);
    const scaled = size * power(digits);
    let found = scaled / b;
    const twice = (scaled % b) * big("2");
    if (twice > b || (twice === b && (!even || found % big("2") !== ZERO))) found += big("1");
    const text = String(found).padStart(digits + 1, "0");
    const point = text.length - digits;
    const sign = a < ZERO && found !== ZERO ? "-" : "";
    return sign + text.slice(0, point) + (digits ? "." + text.slice(point) : "");
  };
  const down = ([a, b], digits) => {
    const text = String((a * power(digits)) / b).padStart(digits + 1, "0");
    const point = text.length - digits;
    return text.slice(0, point) + (digits ? "." + text.slice(point) : "");
  };

  /* ---- the sum ---- */
  const sum = ({ paid, fee, received, mid, sendDigits, receiveDigits }) => {
    const [all, arrived, middle] = [paid, received, mid].map(plain);
    const exchanged = fee === null ? all : minus(all, plain(fee));
    const expected = by(exchanged, middle);
    const off = positive(minus(arrived, expected));
    const said = { paid: rounded(all, sendDigits), received: rounded(arrived, receiveDigits) };
    if (below(by(expected, plain("0.5")), off)) return { ...said, outcome: "implausible" };
    const total = minus(all, over(arrived, middle));
    const margin = fee === null ? total : minus(total, plain(fee));
    const percent = (part) => rounded(over(by(part, plain("100")), all), 2);
    const loses = total[0] >= ZERO;
    const outcome = fee === null ? (loses ? "costs_whole" : "gains_whole")
      : margin[0] >= ZERO ? "costs" : loses ? "costs_less" : "gains";
    return {
      ...said,
      outcome,
      total: rounded(total, sendDigits),
      percent: percent(total),
      fee: fee === null ? null : rounded(plain(fee), sendDigits),
      fee_percent: fee === null ? null : percent(plain(fee)),
      margin: rounded(margin, sendDigits),
      margin_percent: percent(margin),
      rate: rounded(over(arrived, exchanged), 6, true),
    };
  };
  const atRate = (paid, fee, rate, digits) => down(by(minus(plain(paid), plain(fee)), plain(rate)), digits);

  /* ---- what was typed, read as app/web/locale.py does: a plain number, or what is wrong ---- */
  const MARK = `[${words.decimal}${words.group === "." ? "" : "."}]`;
  const PLAIN = new RegExp(`^[0-9]+(${MARK}[0-9]{0,2})?$`);
  const GROUPED = new RegExp(`^[1-9][0-9]{0,2}([${words.group}][0-9]{3})+(${MARK}[0-9]{0,2})?$`);
  const TYPED = new RegExp(`^[0-9][0-9.,\u066b${APART}]{0,24}$`);
  const western = (text) => {
    const used = FIGURES.filter((figures) => [...text].some((one) => figures.includes(one)));
    if (used.length !== 1) return text;
    return [...text].map((one) => (used[0].includes(one) ? FIGURES[0][used[0].indexOf(one)] : one)).join("");
  };
  const ROUND = /[.,]\s?[-\u2013]+$/;
  const amount = (typed, currency, digits) => {
    let text = western(typed).trim().replace(ROUND, "");
    if (currency === "EUR") text = text.replace(/^(€|euro|eur)\s*|\s*(€|euros?|eur)$/gi, "").replace(ROUND, "");
    if (!text) return { fault: "missing" };
    if (!TYPED.test(text)) return { fault: "unreadable" };
    const cents = /^([0-9]+)[.,\u066b]([0-9]{1,2})$/.exec(text);
    let value = cents && `${cents[1]}.${cents[2]}`;
    if (!value) {
      let bare = "";
      for (let at = 0; at < text.length; at += 1) {
        const parts = APART.includes(text[at]) && at && /[0-9]/.test(text[at - 1]);
        if (!(parts && /^[0-9]{3}/.test(text.slice(at + 1)))) bare += text[at];
      }
      bare = bare.replace(/\u066b/g, words.decimal);
      if (!bare.includes(words.group)) bare = bare.trim();
      if (!PLAIN.test(bare) && !GROUPED.test(bare)) return { fault: "unreadable" };
      value = bare.split(words.group).join("").replace(words.decimal, ".").replace(/\.$/, "");
    }
    const [whole, part = ""] = value.split(".");
    if (whole.length > 15) return { fault: "unreadable" };
    if (part.length > digits) return { fault: "too_precise" };
    return /[1-9]/.test(value) ? { value } : { fault: "missing" };
  };
  const rateOf = (typed) => {
    const found = /^([0-9]{1,9})([.,\u066b]([0-9]{1,9}))?$/.exec(western(typed).trim());
    const value = found && `${found[1]}.${found[3] || "0"}`;
    return value && /[1-9]/.test(value) ? { value } : { fault: "unreadable_rate" };
  };

  /* ---- in words of the page's language, by its patterns ---- */
  const written = (value) => {
    const [whole, part] = value.split(".");
    const grouped = whole.replace(/\B(?=([0-9]{3})+$)/g, words.group);
    return part ? grouped + words.decimal + part : grouped;
  };
  const signed = (value, usual, minus) => (value.startsWith("-") ? minus : usual)
    .replace("{}", () => written(value.replace("-", "")));
  const money = (value, { sign }) => signed(value, words.money, words.debt)
    .replace("\u00a4", () => sign).replace(/([A-Z])(?=[0-9])/, "$1\u00a0");
  const percent = (value) => signed(value, words.percent, words.minus);
  const rateText = (value) => written(value.replace(/(\.[0-9]{4}[0-9]*?)0+$/, "$1"));
  const day = (moment) => {
    const [year, month, date] = moment.slice(0, 10).split("-");
    return kept.querySelector(`[data-month="${Number(month)}"]`).textContent
      .replace("{y}", year).replace("{dd}", date).replace("{d}", String(Number(date)));
  };
  const opposite = (text) => (text.startsWith("-") ? text.slice(1) : text);

  /* ---- the form ---- */
  const field = (name) => form.elements.namedItem(name);
  const option = (name) => field(name).selectedOptions[0];
  const unit = (one, code) => ({
    currency: code, digits: Number(one.dataset.digits || 2), sign: one.dataset.sign || code,
  });
  const message = (name) => kept.querySelector(`[data-message="${name}"]`).textContent;

  const mark = (name, text) => {
    const said = document.getElementById(`${name}-error`);
    const hint = document.getElementById(`${name}-hint`);
    const names = [hint, text && said].filter(Boolean).map((one) => one.id).join(" ");
    said.hidden = !text;
    said.lastElementChild.textContent = text;
    field(name).closest(".field").classList.toggle("field--wrong", Boolean(text));
    field(name).toggleAttribute("aria-invalid", Boolean(text));
    if (text) field(name).setAttribute("aria-invalid", "true");
    if (names) field(name).setAttribute("aria-describedby", names);
    else field(name).removeAttribute("aria-describedby");
  };

  const read = () => {
    const faults = {};
    const to = option("to");
    const chosen = option("currency");
    const send = unit(option("from"), option("from").dataset.currency);
    const receive = chosen.value ? unit(chosen, chosen.value) : unit(to, to.dataset.currency);
    const take = (name, reading) => {
      if (reading.fault) faults[name] = reading.fault;
      return reading.fault ? null : reading.value;
    };
    const typed = (name) => western(field(name).value).trim();
    if (!to.value) faults.to = "no_country";
    const paid = take("paid", amount(typed("paid"), send.currency, send.digits));
    const free = /^0+([.,\u066b]0{1,2})?$/.test(typed("fee"));
    let fee = free ? "0" : null;
    if (!free && typed("fee")) fee = take("fee", amount(typed("fee"), send.currency, send.digits));
    const rate = typed("rate") ? take("rate", rateOf(typed("rate"))) : null;
    let received = null;
    if (typed("received")) received = take("received", amount(typed("received"), receive.currency, receive.digits));
    else if (!typed("rate") || !typed("fee")) faults.received = "nothing_arrived";
    if (paid && fee && !below(plain(fee), plain(paid))) faults.fee = "fee_too_high";
    if (!Object.keys(faults).length && !received) {
      received = atRate(paid, fee, rate, receive.digits);
      if (!/[1-9]/.test(received)) faults.received = "nothing_arrived";
    }
    return { faults, send, receive, paid, fee, received, day: typed("day") };
  };

  const show = (outcome, texts = {}, sources = [], address = "") => {
    const made = kept.querySelector(`[data-case="${outcome}"]`).cloneNode(true);
    made.querySelectorAll("[data-fill]").forEach((gap) => {
      if (gap.dataset.fill === "sources") {
        sources.forEach((one, at) => gap.append(at ? words.comma : "", one));
      } else gap.textContent = texts[gap.dataset.fill];
    });
    made.querySelectorAll("[data-list]").forEach((link) => {
      if (address) link.href = address;
      else link.parentElement.remove();
    });
    section.lastElementChild.replaceChildren(...made.childNodes);
    section.hidden = false;
    section.focus();
  };

  const listOf = ({ send, receive, paid }) => {
    const lists = (option("to").dataset.lists || "").split(" ");
    const [from, to] = [field("from").value, field("to").value];
    const asked = plain(paid);
    const outside = below(asked, plain("10")) || below(plain("10000"), asked);
    if (outside || send.currency !== option("from").dataset.currency || !lists.includes(`${from}-${receive.currency}`)) return "";
    const other = receive.currency === option("to").dataset.currency ? "" : `&currency=${receive.currency}`;
    return `${words.list}/${from.toLowerCase()}/${to.toLowerCase()}?pay=${paid}${other}`;
  };

  const answer = (asked, mid) => {
    const { send, receive } = asked;
    const found = sum({ ...asked, mid: mid.rate, sendDigits: send.digits, receiveDigits: receive.digits });
    const texts = {
      paid: money(found.paid, send),
      received: money(found.received, receive),
      mid: rateText(rounded(plain(mid.rate), 6, true)),
    };
    if (found.outcome === "implausible") return show("implausible", texts);
    Object.assign(texts, {
      total: money(found.total, send),
      total_gain: money(opposite(found.total), send),
      percent: percent(found.percent),
      percent_gain: percent(opposite(found.percent)),
      margin: money(found.margin, send),
      margin_gain: money(opposite(found.margin), send),
      margin_percent: percent(found.margin_percent),
      fee: money(found.fee || "0", send),
      fee_percent: percent(found.fee_percent || "0"),
      rate: `1 ${send.currency} = ${rateText(found.rate)} ${receive.currency}`,
      mid_exactly: `1 ${send.currency} = ${written(mid.rate)} ${receive.currency}`,
    });
    const sources = mid.sources.map((slug) => {
      const known = kept.querySelector(`[data-source="${slug}"]`);
      return known ? known.cloneNode(true) : slug;
    });
    if (mid.observed_at) sources.push(day(mid.observed_at));
    return show(found.outcome, texts, sources, listOf(asked));
  };

  const check = async () => {
    const asked = read();
    ["from", "to", "currency", "paid", "fee", "received", "rate", "day"].forEach((name) => {
      mark(name, asked.faults[name] ? message(asked.faults[name]) : "");
    });
    const [first] = Object.keys(asked.faults);
    if (first) {
      section.hidden = true;
      field(first).focus();
      return;
    }
    const query = new URLSearchParams({ from: asked.send.currency, to: asked.receive.currency });
    if (asked.day) query.set("on", asked.day);
    try {
      const response = await fetch(`${words.mid}?${query}`, {
        credentials: "omit", headers: { "Accept-Language": document.documentElement.lang },
      });
      if (response.status === 404) show("unknown");
      else if (response.status === 422) {
        mark("day", (await response.json()).detail);
        section.hidden = true;
        field("day").focus();
      } else if (response.ok) answer(asked, await response.json());
      else show("failed");
    } catch (error) {
      show("failed");
    }
  };

  document.getElementById("goes").hidden = true;
  document.getElementById("stays").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  window.receipt = { amount, rateOf, sum, atRate };
})();
