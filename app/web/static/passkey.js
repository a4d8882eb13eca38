// Passkeys: asks the browser for one, and sends its answer with the form. Forms that need it are
// hidden until this runs.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (some) => (some || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function answer(form) {
  const asked = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (!asked.ok) throw new Error(asked.status);
  const { options, asked: sealed } = await asked.json();
  options.challenge = bytes(options.challenge);
  let found;
  if (form.dataset.passkey === "add") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    found = await navigator.credentials.create({ publicKey: options });
  } else {
    options.allowCredentials = known(options.allowCredentials);
    found = await navigator.credentials.get({ publicKey: options });
  }
  const said = found.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (said[name]) response[name] = text(said[name]);
  }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "asked";
  field.value = sealed;
  form.append(field);
  form.elements.answer.value = JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await answer(form);
      form.submit();
    } catch {
      form.querySelector("[role=alert]").hidden = false;
    }
  });
}
