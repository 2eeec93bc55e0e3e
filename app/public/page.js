// What a page does in a browser without the application: the switch of colours and that of keys, copying,
// printing, questions, and asking the browser's authenticator. The pages for people who are not signed in
// load nothing more.

(() => {
  const THEME = "theme";
  const root = document.documentElement;

  const theme = () => {
    try {
      const kept = localStorage.getItem(THEME);
      return kept === "light" || kept === "dark" ? kept : "system";
    } catch (_) {
      return root.dataset.theme || "system";
    }
  };

  const showTheme = () => {
    const chosen = theme();
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
    }
  };

  const setTheme = (chosen) => {
    if (chosen === "system") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      localStorage.setItem(THEME, chosen);
    } catch (_) {
      // Storage may be forbidden; the choice then holds for this page.
    }
    showTheme();
  };

  // Keys of one letter can be switched off: speech input and a slip press them, too.
  const KEYS = "keys";

  const setKeys = (on) => {
    root.toggleAttribute("data-keys-off", !on);
    try {
      localStorage.setItem(KEYS, on ? "on" : "off");
    } catch (_) {
      // Storage may be forbidden; the choice then holds for this page.
    }
  };

  const showKeys = () => {
    const box = document.querySelector("[data-set-keys]");
    if (box) box.checked = !root.hasAttribute("data-keys-off");
  };

  // Questions are popovers without scripts. Here they are modal: nothing else has the focus meanwhile.
  const question = (event, button) => {
    const dialog = document.getElementById(button.getAttribute("popovertarget"));
    if (!(dialog instanceof HTMLDialogElement) || dialog.matches(":popover-open")) return;
    event.preventDefault();
    if (button.getAttribute("popovertargetaction") === "hide") dialog.close();
    else if (!dialog.open) dialog.showModal();
  };

  // The old way of copying: the new one is not there for pages that came over plain http.
  const copy = (button) => {
    const place = button.closest("[data-copied]");
    place.querySelector("input").select();
    const done = document.execCommand("copy");
    place.querySelector("[data-said]").textContent = done
      ? "Copied."
      : "It is selected; copy it with the keyboard.";
  };

  const NO_ANSWER = {
    NotAllowedError: "Nothing was done: it was stopped, or took too long.",
    AbortError: "Nothing was done: it was stopped, or took too long.",
    InvalidStateError: "There is a passkey for this account on that device already.",
    SecurityError: "Passkeys work only at the address that this vault was set up for. Open it there.",
  };
  const NOT_HERE = "This browser can't do that with passkeys. Try a newer one, or another.";
  const OFFLINE = "The vault did not answer. Check the connection and try again.";

  class Refused extends Error {}

  const call = async (path, fields) => {
    let answer, said;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(fields),
      });
      said = await answer.json();
    } catch (_) {
      throw new Refused(OFFLINE);
    }
    if (!answer.ok) throw new Refused(said.detail || OFFLINE);
    return said;
  };

  const ask = async (creates, options) => {
    const parsed = JSON.parse(options);
    const credential = creates
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(parsed),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(parsed),
        });
    return JSON.stringify(credential);
  };

  const refusal = (sentence) => {
    const banner = document.createElement("div");
    banner.className = "banner bad";
    banner.setAttribute("role", "alert");
    banner.dataset.testid = "flash-error";
    const words = document.createElement("p");
    words.textContent = sentence;
    banner.append(words);
    return banner;
  };

  // A form with `data-passkey` holds the call that begins, and hidden fields for the answer. A password
  // goes ahead with that call and is not in the form that is sent: its field has no name.
  const passkey = async (form) => {
    const button = form.querySelector("button");
    const status = form.querySelector("[data-passkey-status]");
    const password = form.querySelector("input[type=password]");
    const creates = Boolean(password);
    form.querySelector("[data-testid=flash-error]")?.remove();
    status.textContent = "";
    button.disabled = true;
    try {
      const fields = creates
        ? { password: password.value }
        : { second_factor: form.elements.second_factor.value };
      const [ceremony, options] = await call(form.dataset.passkey, fields);
      form.elements.credential.value = await ask(creates, options);
      form.elements.ceremony.value = ceremony;
      form.submit();
    } catch (error) {
      button.disabled = false;
      if (error instanceof Refused) status.after(refusal(error.message));
      else status.textContent = NO_ANSWER[error.name] || NOT_HERE;
    }
  };

  document.addEventListener("click", (event) => {
    const asks = event.target.closest?.("[popovertarget]");
    if (asks) question(event, asks);
    const button = event.target.closest?.("[data-set-theme], [data-copy], [data-print]");
    if (!button) return;
    if (button.dataset.setTheme) setTheme(button.dataset.setTheme);
    else if ("copy" in button.dataset) copy(button);
    else window.print();
  });

  // Before anybody else hears of it.
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.dataset.passkey) return;
      event.preventDefault();
      passkey(event.target);
    },
    true,
  );

  document.addEventListener("change", (event) => {
    if ("setKeys" in event.target.dataset) setKeys(event.target.checked);
  });

  const show = () => {
    showTheme();
    showKeys();
  };
  // The application shows pages in place, and says so.
  document.addEventListener("docuvault:shown", show);
  show();
  if (!("application" in document.body.dataset)) document.body.dataset.hydrated = "";
})();
